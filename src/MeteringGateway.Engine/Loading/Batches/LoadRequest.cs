namespace MeteringGateway.Engine.Loading.Batches;

/// <summary>An account, and a key of it unless that is 0, which wait to be loaded. Awaited by any number of callers.</summary>
internal sealed class LoadRequest(int partition, long accountId, long keyId)
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Partition { get; } = partition;

    public long AccountId { get; } = accountId;

    public long KeyId { get; } = keyId;

    /// <summary>False: the account or the key does not exist.</summary>
    public Task<bool> Done => _done.Task;

    public void Complete(bool exists) => _done.TrySetResult(exists);

    public void Fail(Exception reason) => _done.TrySetException(reason);
}
