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

    /// <summary>The accounts of a busy hour: a key that was charged before that is loaded by its next call.</summary>
    private const int MostKeys = 200_000;

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
            catch (Exception e) when (RetryLoop.IsAway(e) && !stoppingToken.IsCancellationRequested)
            {
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
        do
        {
            page = await reader.ListRecentlyActiveAsync(page?.Before, cancellationToken);
            var fresh = page.Keys.Where(key => wanted.Contains(partitions.Map.Of(key.AccountId)) && seen.Add(key.KeyId));
            foreach (var chunk in fresh.Chunk(Chunk))
            {
                await Task.WhenAll(chunk.Select(key => loader.LoadAsync(key.AccountId, key.KeyId, cancellationToken)));
                await Task.Delay(TimeSpan.FromSeconds((double)chunk.Length / options.PreloadPerSecond), time, cancellationToken);
            }
        }
        while (page.Before is not null && seen.Count < MostKeys);

        if (seen.Count > 0)
        {
            LogLoaded(seen.Count, time.GetElapsedTime(started).TotalSeconds);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} keys that were charged lately were loaded from the ledger, in {Seconds:0.0} s.")]
    private partial void LogLoaded(int count, double seconds);

    [LoggerMessage(LogLevel.Warning, "Accounts that were charged lately are loaded by their next call, not ahead of it: {Reason}")]
    private partial void LogGivenUp(string reason);
}
