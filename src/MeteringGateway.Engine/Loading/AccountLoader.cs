using MeteringGateway.Engine.Loading.Batches;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Engine.Loading;

/// <summary>
/// Loads accounts and keys from PostgreSQL into Redis, where they are unknown. Loads that are asked for at the same time travel together.
/// Any number of callers at once.
/// </summary>
internal sealed partial class AccountLoader(LoadBatch batches, Partitions partitions, ILogger<AccountLoader> logger)
{
    /// <summary>One is read while the one before it is written; more would only take PostgreSQL's connections from others.</summary>
    private const int MostUnderWay = 2;

    /// <summary>Bounds the statement and the script: a script of this size takes Redis about a millisecond.</summary>
    private const int MostInBatch = 256;

    /// <summary>As many as calls may wait for Redis.</summary>
    private const int MostWaiting = 16_384;

    private readonly BatchQueue<LoadRequest> _queue = new(MostUnderWay, MostInBatch, MostWaiting);

    /// <summary>Loads the account and, unless it is 0, the key. False: one of them does not exist.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="keyId">A key of the account, or 0.</param>
    /// <param name="cancellationToken">Ends the wait; others may wait for the same batch.</param>
    /// <exception cref="StoreUnavailableException">The partition is being recovered, or too many loads wait.</exception>
    public Task<bool> LoadAsync(long accountId, long keyId, CancellationToken cancellationToken)
    {
        var request = new LoadRequest(partitions.Map.Of(accountId), accountId, keyId);
        if (!_queue.TryAdd(request, out var mayStart))
        {
            throw new StoreUnavailableException($"{MostWaiting} accounts wait to be loaded");
        }

        if (mayStart)
        {
            _ = DrainAsync();
        }

        return request.Done.WaitAsync(cancellationToken);
    }

    /// <summary>Loads for a caller that repeats its script anyway: Redis or PostgreSQL being away is logged, not thrown.</summary>
    public async Task TryLoadAsync(long accountId, long keyId)
    {
        try
        {
            await LoadAsync(accountId, keyId, CancellationToken.None);
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            LogNotLoaded(accountId, e.Message);
        }
    }

    private async Task DrainAsync()
    {
        while (_queue.Take() is { } requests)
        {
            await batches.LoadAsync(requests);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Account {AccountId} can't be loaded from the ledger now: {Reason}")]
    private partial void LogNotLoaded(long accountId, string reason);
}
