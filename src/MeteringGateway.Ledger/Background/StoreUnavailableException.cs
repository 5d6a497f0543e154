namespace MeteringGateway.Ledger.Background;

/// <summary>Redis did not answer, or can't be trusted yet. Nothing is lost: a background job tries again, a client is told to.</summary>
internal sealed class StoreUnavailableException(string reason) : Exception("Redis is not available: " + reason);
