namespace MeteringGateway.Calls.Streams;

/// <summary>
/// Ends the streams that still run when the time is up which a stopping gateway leaves to them. Any number of callers at once.
/// </summary>
internal sealed class StreamStop : IDisposable
{
    private readonly CancellationTokenSource _end = new();

    public CancellationToken Token => _end.Token;

    public void End() => _end.Cancel();

    public void Dispose() => _end.Dispose();
}
