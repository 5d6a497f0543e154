namespace MeteringGateway.Credits;

/// <summary>Redis did not answer a background job. Nothing is lost: the job tries again.</summary>
internal sealed class StoreUnavailableException(string reason) : Exception("Redis is not available: " + reason);
