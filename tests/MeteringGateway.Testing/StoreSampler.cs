using System.Collections.Concurrent;
using MeteringGateway.Credits;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.Testing;

/// <summary>
/// Watches Redis while a fault is at work: one script a partition, so that each look is atomic. What must hold at every instant:
/// nothing negative, holds within the balance, held the sum of the holds, spent and held within every limit.
/// </summary>
public sealed class StoreSampler : IAsyncDisposable
{
    private const string Look = """
        local out = {}
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000) + tonumber(redis.call('HGET', KEYS[1], 'toff') or '0')
        local held, overdue = {}, 0
        local holds = redis.call('HVALS', KEYS[2])
        for _, packed in ipairs(holds) do
          local account, amount, deadline = string.match(packed, '^(%d+)|%d+|(%d+)|%d+|%d+|%d+|(%d+)$')
          held[account] = (held[account] or 0) + tonumber(amount)
          overdue = math.max(overdue, now - tonumber(deadline))
        end
        local epoch = redis.call('HGET', KEYS[1], 'epoch')
        local function known(kind)
          local names = {}
          for _, name in ipairs(redis.call('KEYS', ARGV[1] .. kind .. ':*')) do
            if epoch and redis.call('HGET', name, 'ep') == epoch then names[#names + 1] = name end
          end
          return names
        end
        for _, name in ipairs(known('a')) do
          local id = string.match(name, ':a:(%d+)$')
          local a = redis.call('HMGET', name, 'balance', 'held')
          local balance, h = tonumber(a[1]), tonumber(a[2])
          if balance < 0 or h < 0 or balance < h then out[#out + 1] = 'account ' .. id .. ': balance ' .. a[1] .. ', held ' .. a[2] end
          if h ~= (held[id] or 0) then out[#out + 1] = 'account ' .. id .. ': held ' .. a[2] .. ', its holds ' .. (held[id] or 0) end
        end
        for _, name in ipairs(known('k')) do
          for _, s in ipairs({'F', 'D', 'W', 'M'}) do
            local l = redis.call('HMGET', name, 'l' .. s, 's' .. s, 'h' .. s)
            if tonumber(l[2]) < 0 or tonumber(l[3]) < 0 or (tonumber(l[1]) >= 0 and l[2] + l[3] > tonumber(l[1])) then
              out[#out + 1] = name .. ' ' .. s .. ': limit ' .. l[1] .. ', spent ' .. l[2] .. ', held ' .. l[3]
            end
          end
        end
        return {tostring(math.floor(overdue)), tostring(#holds), table.concat(out, '; ')}
        """;

    private readonly CancellationTokenSource _end = new();
    private readonly RedisConnection _redis;
    private readonly ConcurrentDictionary<string, byte> _breaches = new();
    private readonly int _partitions;
    private readonly Books _books;
    private Task _watching = Task.CompletedTask;

    private StoreSampler(string redis, Books books, int partitions)
    {
        _books = books;
        _redis = new RedisConnection(redis, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        _partitions = partitions;
    }

    public int Samples { get; private set; }

    /// <summary>What was seen that must never be, each once.</summary>
    public IReadOnlyCollection<string> Breaches => [.. _breaches.Keys];

    /// <summary>The longest that a hold was seen past its deadline.</summary>
    public TimeSpan LongestOverdue { get; private set; }

    public static StoreSampler Start(string redis, Books books, int partitions)
    {
        var sampler = new StoreSampler(redis, books, partitions);
        sampler._watching = Task.Run(sampler.WatchAsync);
        return sampler;
    }

    /// <summary>How many calls hold credits now; null while Redis can't say.</summary>
    public async Task<long?> HoldsAsync()
    {
        long holds = 0;
        for (var partition = 0; partition < _partitions; partition++)
        {
            if (await SampleAsync(partition, () => false) is not { } seen)
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

    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var connection = _redis.Generation;
            var served = await IsServedAsync();
            for (var partition = 0; partition < _partitions; partition++)
            {
                await SampleAsync(partition, () => served && _redis.Generation == connection);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// A Redis that has come back is nobody's until recovery has looked at it, and may be broken in itself: a transaction that was cut
    /// in its file is finished by the next one. What it shows until then is no breach, for no call is let through.
    /// </summary>
    private async Task<bool> IsServedAsync() =>
        await _redis.InfoAsync() is { Count: 1 } info
        && await _books.ProvenRedisAsync() is { } proven
        && StoreIdentity.Of(info, allowVolatile: true).RunId == proven;

    private async Task<long?> SampleAsync(int partition, Func<bool> counts)
    {
        var reply = await _redis.ExecuteAsync("EVAL", Look, 2, (RedisKey)PartitionMap.Meta(partition), (RedisKey)PartitionMap.Holds(partition), $"{{p{partition}}}:");
        if (!reply.Answered)
        {
            return null;
        }

        var seen = (string[])reply.Result!;
        Samples++;
        var overdue = TimeSpan.FromMilliseconds(long.Parse(seen[0], System.Globalization.CultureInfo.InvariantCulture));
        LongestOverdue = overdue > LongestOverdue ? overdue : LongestOverdue;
        if (seen[2].Length > 0 && counts())
        {
            _breaches.TryAdd(seen[2], 0);
        }

        return long.Parse(seen[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
