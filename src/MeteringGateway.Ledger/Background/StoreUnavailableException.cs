namespace MeteringGateway.Ledger.Background;

/// <summary>Redis did not answer, or is not verified yet. Nothing is lost: background work retries, and a client is told to.</summary>
internal sealed class StoreUnavailableException(string reason) : Exception("Redis is not available: " + reason);
