using System.Collections.Concurrent;
using MeteringGateway.Engine.Scripts;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeteringGateway.Testing;

/// <summary>
/// Watches Redis while a fault is at work, one <see cref="StoreLook"/> a partition every 50 ms; a partition that is served never goes back
/// to an older epoch or generation.
/// </summary>
public sealed class StoreSampler : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private volatile RedisConnection _redis;
    private readonly ConcurrentDictionary<string, byte> _breaches = new();
    private readonly ConcurrentDictionary<int, (long Epoch, long WriteSequence)> _seen = new();
    private readonly int _partitions;
    private readonly Books _books;
    private Task _watching = Task.CompletedTask;
    private long _lastLook;

    private StoreSampler(string redis, Books books, int partitions)
    {
        _books = books;
        _redis = Connect(redis);
        _partitions = partitions;
    }

    public int Samples { get; private set; }

    /// <summary>Of these, looks at a partition that was served: what they saw counts.</summary>
    public int Judged { get; private set; }

    /// <summary>What was seen that must never be, each once.</summary>
    public IReadOnlyCollection<string> Breaches => [.. _breaches.Keys];

    /// <summary>The longest that a hold was seen past its deadline.</summary>
    public TimeSpan LongestOverdue { get; private set; }

    /// <summary>
    /// The longest from the end of one look to the end of the next, over a line that no fault touches: how long the machine
    /// itself stood still.
    /// </summary>
    public TimeSpan LongestGap { get; private set; }

    public static StoreSampler Start(string redis, Books books, int partitions)
    {
        var sampler = new StoreSampler(redis, books, partitions);
        sampler._watching = Task.Run(sampler.WatchAsync);
        return sampler;
    }

    /// <summary>After a failover: that Redis from now on. The one before is dead or nobody's, so what it shows is no breach.</summary>
    public async Task LookAtAsync(string redis)
    {
        var before = _redis;
        _redis = Connect(redis);
        await before.DisposeAsync();
    }

    /// <summary>How many calls hold credits now; null while Redis can't say.</summary>
    public async Task<long?> HoldsAsync()
    {
        long holds = 0;
        for (var partition = 0; partition < _partitions; partition++)
        {
            if (await SampleAsync(partition, _ => false) is not { } seen)
            {
                return null;
            }

            holds += seen;
        }

        return holds;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        await _redis.DisposeAsync();
        _end.Dispose();
    }

    private static RedisConnection Connect(string redis) => new(redis, TimeProvider.System, NullLogger<RedisConnection>.Instance);

    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var (redis, connection) = (_redis, _redis.ConnectionNumber);
            var proven = await _books.ProvenRedisAsync();
            for (var partition = 0; partition < _partitions; partition++)
            {
                await SampleAsync(
                    partition,
                    look => look.RunId == proven.GetValueOrDefault(partition) && _redis == redis && redis.ConnectionNumber == connection);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _end.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// A Redis that has come back is nobody's until recovery has looked at it, and may be broken in itself: a transaction that was cut
    /// in its file is finished by the next one. What it shows until then does not count as a breach, for no call is let through.
    /// </summary>
    private async Task<long?> SampleAsync(int partition, Func<StoreLook, bool> counts)
    {
        var seen = await StoreLook.AtAsync(_redis, partition);
        var (before, now) = (_lastLook, TimeProvider.System.GetTimestamp());
        var gap = before == 0 ? TimeSpan.Zero : TimeProvider.System.GetElapsedTime(before, now);
        (_lastLook, LongestGap) = (now, gap > LongestGap ? gap : LongestGap);
        if (seen is not { } look)
        {
            return null;
        }

        Samples++;
        LongestOverdue = look.Overdue > LongestOverdue ? look.Overdue : LongestOverdue;
        if (!counts(look))
        {
            return look.Holds;
        }

        Judged++;
        if (look.Breaches.Length > 0)
        {
            _breaches.TryAdd(look.Breaches, 0);
        }

        // A partition that was served goes forward only: to a newer epoch, and within one to a higher generation.
        var known = _seen.GetValueOrDefault(partition);
        if (look.Epoch > 0 && (look.Epoch < known.Epoch || (look.Epoch == known.Epoch && look.WriteSequence < known.WriteSequence)))
        {
            _breaches.TryAdd(
                $"partition {partition} went back from epoch {known.Epoch} gen {known.WriteSequence} to epoch {look.Epoch} gen "
                    + $"{look.WriteSequence}", 0);
        }

        _seen[partition] = (Math.Max(look.Epoch, known.Epoch), look.Epoch > 0 ? look.WriteSequence : known.WriteSequence);
        return look.Holds;
    }
}
