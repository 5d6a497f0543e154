using System.Globalization;
using MeteringGateway.Accounts.Usage;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Recovery;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Telemetry;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Hosting;

/// <summary>
/// Gathers what this gateway knows of itself and of Redis and PostgreSQL. Nothing is walked for it: holds and outboxes are as their last
/// look has found them, and rows are counted up to a bound. What is away leaves its part out, and the rest is told. Any number of callers
/// at once.
/// </summary>
internal sealed class StatusReader(
    Readiness readiness, PartitionSupervisor recovery, Partitions partitions, RedisConnection redis, EngineMetrics engine,
    LedgerMetrics ledger, IOptions<LedgerOptions> options, ConsoleDatabase database, UsageReader usage, ReloadJournal reloads,
    TimeProvider time)
{
    /// <summary>Who sees so many knows enough.</summary>
    public const int MostCounted = 10_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private static readonly string s_waiting = SqlFile.Read("Hosting/count-waiting.sql");
    private static readonly string s_partitions = SqlFile.Read("Hosting/list-partitions.sql");
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public async Task<StatusView> ReadAsync(CancellationToken cancellationToken)
    {
        var (ready, store, books) = (readiness.LookAsync(cancellationToken), RedisAsync(), PostgresAsync(cancellationToken));
        var (postgres, waiting, known, usageAsOf) = await books;
        return new StatusView(
            time.GetUtcNow(),
            new GatewayStatus(Environment.MachineName, GatewayMetrics.BuildVersion, _startedAt),
            await ready,
            await store,
            postgres,
            [.. Enumerable.Range(0, partitions.Map.Count).Select(partition => Partition(partition, known))],
            new OutboxStatus(
                Enumerable.Range(0, partitions.Map.Count).Sum(partition => ledger.Waiting(partition).Entries),
                Rounded(ledger.OldestWaiting), ledger.FullestBacklog, options.Value.MaxBacklog),
            new FlusherStatus(ledger.LastLook, ledger.EntriesFlushed, ledger.FlushFailures),
            new HoldsStatus(engine.HoldCount, engine.HeldCredits, engine.OverdueHolds, engine.HoldsByAge()),
            ledger.DriftCredits,
            waiting,
            usageAsOf,
            reloads.Last);
    }

    private PartitionStatus Partition(int partition, IReadOnlyDictionary<int, PartitionRow> known)
    {
        var epoch = partitions.Epoch(partition);
        var isServed = epoch != 0 && partitions.IsSafe && partitions.IsVerifiedOn(partition, redis.ConnectionNumber);
        var row = known.GetValueOrDefault(partition);
        var (entries, oldest) = ledger.Waiting(partition);
        return new PartitionStatus(
            partition, isServed, epoch == 0 ? null : epoch, partitions.WriteSequence(partition), row?.Epoch, row?.WriteSequence, entries,
            Rounded(oldest));
    }

    private async Task<RedisStatus> RedisAsync()
    {
        var asked = time.GetTimestamp();
        if (await redis.InfoAsync() is not { } told)
        {
            return new RedisStatus(false, null, recovery.Fault ?? "Redis can't be reached", []);
        }

        var latency = Milliseconds(asked);
        return new RedisStatus(true, latency, recovery.Fault, [.. told.Select(one => Server(one.Key, one.Value))]);
    }

    private static RedisServerStatus Server(string address, string info)
    {
        var facts = info.Split('\n').Select(line => line.Trim().Split(':', 2)).Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]);
        return new RedisServerStatus(
            address, facts.GetValueOrDefault("valkey_version") ?? facts.GetValueOrDefault("redis_version"), Number("used_memory"),
            Number("maxmemory"), facts.TryGetValue("aof_enabled", out var isOn) ? isOn == "1" : null);

        long? Number(string name) =>
            long.TryParse(facts.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private async Task<(PostgresStatus, WaitingStatus?, IReadOnlyDictionary<int, PartitionRow>, DateTimeOffset?)> PostgresAsync(
        CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        try
        {
            var (row, known) = await AskAsync(cancellationToken).WaitAsync(s_patience, time, cancellationToken);
            var latency = Milliseconds(asked);
            var oldest = row.DisputedSince is { } since && time.GetUtcNow() - since is { Ticks: > 0 } age ? age : TimeSpan.Zero;
            DateTimeOffset? asOf = await usage.AsOfAsync(null, cancellationToken).WaitAsync(s_patience, time, cancellationToken);
            return (
                new PostgresStatus(true, latency, row.Version, null),
                new WaitingStatus(
                    row.PoisonEntries, row.DisputedCalls, Rounded(oldest), row.NoticeQueue, row.WebhooksPending, row.WebhooksDead),
                known.ToDictionary(one => one.Partition),
                asOf);
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            var reason = e is TimeoutException ? "no answer in time" : e.Message;
            return (new PostgresStatus(false, null, null, reason), null, new Dictionary<int, PartitionRow>(), null);
        }
    }

    private async Task<(WaitingRow, IReadOnlyList<PartitionRow>)> AskAsync(CancellationToken cancellationToken) => (
        await database.QuerySingleAsync<WaitingRow>(s_waiting, new { most = MostCounted }, cancellationToken),
        await database.QueryAsync<PartitionRow>(s_partitions, null, cancellationToken));

    private double Milliseconds(long asked) => Math.Round(time.GetElapsedTime(asked).TotalMilliseconds, 1);

    private static double Rounded(TimeSpan span) => Math.Round(span.TotalSeconds, 3);

    private sealed record WaitingRow
    {
        public required string Version { get; init; }
        public long PoisonEntries { get; init; }
        public long DisputedCalls { get; init; }
        public DateTimeOffset? DisputedSince { get; init; }
        public long NoticeQueue { get; init; }
        public long WebhooksPending { get; init; }
        public long WebhooksDead { get; init; }
    }

    private sealed record PartitionRow
    {
        public int Partition { get; init; }
        public long Epoch { get; init; }
        public long WriteSequence { get; init; }
    }
}
