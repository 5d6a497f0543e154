namespace MeteringGateway.Compare.Load;

/// <summary>Arrivals at a constant rate, whether or not the answers keep up.</summary>
/// <param name="WarmUp">Sent first, and not counted: the client's own code is compiled meanwhile.</param>
/// <param name="MostConnections">Beyond it an arrival waits for an answer, and the wait counts.</param>
internal sealed record OpenLoadPlan(LoadTarget Target, double PerSecond, TimeSpan Duration, TimeSpan WarmUp, int MostConnections);
