using MeteringGateway.Engine;

namespace MeteringGateway.Hosting;

/// <summary>What <c>GET /admin/status</c> tells: how things are, as the gateway sees them that was asked.</summary>
/// <param name="Waiting">Null while PostgreSQL does not answer.</param>
/// <param name="UsageAsOf">How far usage is added up; null while PostgreSQL does not answer.</param>
internal sealed record StatusView(
    DateTimeOffset At, GatewayStatus Gateway, ReadinessState Readiness, RedisStatus Redis, PostgresStatus Postgres,
    IReadOnlyList<PartitionStatus> Partitions, OutboxStatus Outbox, FlusherStatus Flusher, HoldsStatus Holds, long DriftCredits,
    WaitingStatus? Waiting, DateTimeOffset? UsageAsOf, IReadOnlyList<ReloadView> Reloads);

/// <summary>The gateway that answers; the others answer for themselves.</summary>
internal sealed record GatewayStatus(string Host, string Version, DateTimeOffset StartedAt);

/// <param name="LatencyMs">Of the question for its facts.</param>
/// <param name="Fault">Why no calls are metered; null while they are.</param>
/// <param name="Servers">The masters that answer.</param>
internal sealed record RedisStatus(bool Reachable, double? LatencyMs, string? Fault, IReadOnlyList<RedisServerStatus> Servers);

internal sealed record RedisServerStatus(string Address, string? Version, long? UsedBytes, long? MostBytes, bool? AppendOnly);

/// <param name="LatencyMs">Of the questions about what waits.</param>
internal sealed record PostgresStatus(bool Reachable, double? LatencyMs, string? Version, string? Fault);

/// <summary>One partition in this gateway's eyes, beside what the ledger has of it.</summary>
/// <param name="Epoch">Under which it is served here; null: it is not.</param>
/// <param name="WriteSequence">The highest that was seen here, under that epoch.</param>
/// <param name="LedgerEpoch">Null while PostgreSQL does not answer.</param>
/// <param name="OldestSeconds">How long entries have waited in its outbox, as the last look of the flusher saw it.</param>
internal sealed record PartitionStatus(
    int Partition, bool Served, long? Epoch, long WriteSequence, long? LedgerEpoch, long? LedgerWriteSequence, long OutboxEntries,
    double OldestSeconds);

internal sealed record OutboxStatus(long Entries, double OldestSeconds, long MostInAPartition, long Bound);

/// <param name="LastLookAt">When it has last looked at all partitions and nothing failed; null: not yet.</param>
internal sealed record FlusherStatus(DateTimeOffset? LastLookAt, long EntriesFlushed, long Failures);

/// <summary>What calls under way hold, as the look for expired holds has found it a second ago or less.</summary>
internal sealed record HoldsStatus(long Count, long Credits, long Overdue, IReadOnlyList<HoldsOfAge> ByAge);

/// <summary>Rows that wait. A count of <see cref="StatusReader.MostCounted"/> says that many or more.</summary>
internal sealed record WaitingStatus(
    long PoisonEntries, long DisputedCalls, double DisputedOldestSeconds, long NoticeQueue, long WebhooksPending, long WebhooksDead);
