using System.Collections.Concurrent;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Engine.Loading;

/// <summary>
/// After a recovery, which forgets every account: loads those that were charged lately ahead of their next call, newest first, at a
/// bounded rate. A call that comes earlier loads its account itself. The gateway that has recovered a partition does it for all.
/// Any number of callers at once.
/// </summary>
internal sealed partial class AccountPreload(
    AccountLoader loader, Partitions partitions, StateReader reader, CreditsOptions options, TimeProvider time,
    ILogger<AccountPreload> logger)
    : BackgroundService
{
    /// <summary>So many loads are asked for together, and leave room in a batch for those of calls.</summary>
    private const int Chunk = 64;

    /// <summary>Bounds the memory of one round: whatever is left is loaded by its next call.</summary>
    private const int MostKeys = 200_000;

    /// <summary>A key that was charged before that is loaded by its next call.</summary>
    private static readonly TimeSpan s_lately = TimeSpan.FromHours(1);

    /// <summary>Between two pages of the ledger, of a megabyte each, whatever is new on them.</summary>
    private static readonly TimeSpan s_turning = TimeSpan.FromMilliseconds(20);

    /// <summary>The partitions of one Redis are recovered within this time of one another.</summary>
    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<int, byte> _wanted = new();
    private readonly SemaphoreSlim _requested = new(0, 1);

    /// <summary>The partition was recovered: Redis knows none of its accounts.</summary>
    public void Request(int partition)
    {
        _wanted[partition] = 0;
        try
        {
            if (_requested.CurrentCount == 0)
            {
                _requested.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Another partition was recovered in the same instant.
        }
    }

    public override void Dispose()
    {
        _requested.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.PreloadPerSecond > 0)
        {
            await _requested.WaitAsync(stoppingToken);
            await Task.Delay(s_gathering, time, stoppingToken);
            try
            {
                await LoadAsync(TakeWanted(), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever the error is: each account is loaded by its next call, and the gateway goes on.
                LogGivenUp(e.Message);
            }
        }
    }

    private HashSet<int> TakeWanted()
    {
        var wanted = _wanted.Keys.ToHashSet();
        foreach (var partition in wanted)
        {
            _wanted.TryRemove(partition, out _);
        }

        return wanted;
    }

    private async Task LoadAsync(HashSet<int> wanted, CancellationToken cancellationToken)
    {
        var (seen, page, started) = (new HashSet<long>(), default(ActivityPage), time.GetTimestamp());
        var lately = time.GetUtcNow().UtcDateTime - s_lately;
        do
        {
            page = await reader.ListRecentlyActiveAsync(page?.Before, cancellationToken);
            var fresh = page.Keys.Where(key => wanted.Contains(partitions.Map.Of(key.AccountId)) && seen.Add(key.KeyId));
            foreach (var chunk in fresh.Chunk(Chunk))
            {
                var loads = await Task.WhenAll(chunk.Select(key => TryLoadAsync(key, cancellationToken)));
                if (Array.TrueForAll(loads, reason => reason is not null))
                {
                    LogGivenUp(loads[0]!);
                    return;
                }

                await Task.Delay(TimeSpan.FromSeconds((double)chunk.Length / options.PreloadPerSecond), time, cancellationToken);
            }

            await Task.Delay(s_turning, time, cancellationToken);
        }
        while (page.Before is not null && seen.Count < MostKeys && (page.Keys.Count == 0 || page.Keys[0].LastCharge > lately));

        if (seen.Count > 0)
        {
            LogLoaded(seen.Count, time.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <summary>Null, or why it can't be loaded now: a partition that is away keeps no other from being loaded.</summary>
    private async Task<string?> TryLoadAsync(RecentlyActive key, CancellationToken cancellationToken)
    {
        try
        {
            await loader.LoadAsync(key.AccountId, key.KeyId, cancellationToken);
            return null;
        }
        catch (Exception e) when (RetryLoop.IsAway(e) && !cancellationToken.IsCancellationRequested)
        {
            return e.Message;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} keys that were charged lately were loaded from the ledger, in {Seconds:0.0} s.")]
    private partial void LogLoaded(int count, double seconds);

    [LoggerMessage(LogLevel.Warning, "Accounts that were charged lately are loaded by their next call, not ahead of it: {Reason}")]
    private partial void LogGivenUp(string reason);
}
