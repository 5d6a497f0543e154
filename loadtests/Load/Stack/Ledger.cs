using System.Globalization;
using MeteringGateway.Load.Measuring;
using Npgsql;

namespace MeteringGateway.Load.Stack;

/// <summary>How far the ledger of a gateway is, read beside the gateway from its Redis and PostgreSQL. One caller at a time.</summary>
internal sealed class Ledger(string postgres, int redisPort) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(postgres + ";Application Name=compare;Command Timeout=600");
    private RedisProbe? _redis;
    private int _partitions;

    public NpgsqlDataSource Database => _database;

    /// <summary>Entries of the ledger: each account's are numbered without a gap, which <c>ledger verify</c> checks.</summary>
    public Task<long> EntriesAsync(CancellationToken cancellation) => NumberAsync("select sum(seq)::bigint from accounts", cancellation);

    /// <summary>What each account that has been charged has paid so far.</summary>
    public async Task<IReadOnlyDictionary<long, long>> SpentAsync(CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand(
            "select account_id, -sum(credits_delta)::bigint from ledger_entries where credits_delta < 0 group by account_id");
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var spent = new Dictionary<long, long>();
        while (await rows.ReadAsync(cancellation))
        {
            spent[rows.GetInt64(0)] = rows.GetInt64(1);
        }

        return spent;
    }

    /// <summary>Entries that are still in the outbox.</summary>
    public Task<long> UnflushedAsync(CancellationToken cancellation) => SumAsync("outbox", key => ["LLEN", key], cancellation);

    public Task<long> HoldsAsync(CancellationToken cancellation) => SumAsync("holds", key => ["HLEN", key], cancellation);

    /// <summary>What the outbox, or the holds, of all partitions take in Redis.</summary>
    public Task<long> BytesAsync(string what, CancellationToken cancellation) =>
        SumAsync(what, key => ["MEMORY", "USAGE", key, "SAMPLES", "0"], cancellation);

    /// <summary>Waits until the outbox is empty; false where it was not within that time.</summary>
    public async Task<bool> SettleAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        var end = Environment.TickCount64 + (long)atMost.TotalMilliseconds;
        while (await UnflushedAsync(cancellation) > 0)
        {
            if (Environment.TickCount64 > end)
            {
                return false;
            }

            await Task.Delay(Interval, TimeProvider.System, cancellation);
        }

        return true;
    }

    /// <summary>Connections to stores that ended in between are of no use any more.</summary>
    public void Reconnect()
    {
        _database.Clear();
        _redis?.Dispose();
        _redis = null;
    }

    public ValueTask DisposeAsync()
    {
        _redis?.Dispose();
        return _database.DisposeAsync();
    }

    private async Task<long> SumAsync(string what, Func<string, string[]> command, CancellationToken cancellation)
    {
        if (_partitions == 0)
        {
            _partitions = (int)await NumberAsync("select count(*) from partitions", cancellation);
        }

        _redis ??= new RedisProbe(redisPort);
        return Enumerable.Range(0, _partitions)
            .Sum(partition => _redis.Number(command(string.Create(CultureInfo.InvariantCulture, $"{{p{partition}}}:{what}"))));
    }

    private async Task<long> NumberAsync(string sql, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
