using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Operation.Status;

/// <summary>How everything is, as <c>GET /admin/status</c> tells it.</summary>
public sealed record StatusInfo(
    DateTimeOffset At, GatewayInfo Gateway, ReadinessInfo Readiness, RedisInfo Redis, PostgresInfo Postgres,
    IReadOnlyList<PartitionInfo> Partitions, OutboxInfo Outbox, FlusherInfo Flusher, HoldsInfo Holds, long DriftCredits,
    WaitingInfo? Waiting, DateTimeOffset? UsageAsOf, IReadOnlyList<ReloadInfo> Reloads);

public sealed record GatewayInfo(string Host, string Version, DateTimeOffset StartedAt);

/// <summary>As <c>GET /readyz</c> tells it.</summary>
public sealed record ReadinessInfo(string Status, IReadOnlyList<string> Reasons, IReadOnlyList<SurfaceReason> Surfaces);

public sealed record SurfaceReason(string Surface, string Reason);

public sealed record RedisInfo(bool Reachable, double? LatencyMs, string? Fault, IReadOnlyList<RedisServerInfo> Servers);

public sealed record RedisServerInfo(string Address, string? Version, long? UsedBytes, long? MostBytes, bool? AppendOnly);

public sealed record PostgresInfo(bool Reachable, double? LatencyMs, string? Version, string? Fault);

public sealed record PartitionInfo(
    int Partition, bool Served, long? Epoch, long WriteSequence, long? LedgerEpoch, long? LedgerWriteSequence, long OutboxEntries,
    double OldestSeconds);

public sealed record OutboxInfo(long Entries, double OldestSeconds, long MostInAPartition, long Bound);

public sealed record FlusherInfo(DateTimeOffset? LastLookAt, long EntriesFlushed, long Failures);

public sealed record HoldsInfo(long Count, long Credits, long Overdue, IReadOnlyList<HoldsOfAgeInfo> ByAge);

public sealed record HoldsOfAgeInfo(int? UnderSeconds, long Count, long Credits);

public sealed record WaitingInfo(
    long PoisonEntries, long DisputedCalls, double DisputedOldestSeconds, long NoticeQueue, long WebhooksPending, long WebhooksDead);

public sealed record ReloadInfo(DateTimeOffset At, string Result, IReadOnlyList<string> Lines);

/// <summary>As <c>GET /admin/ledger/verify</c> tells it.</summary>
public sealed record VerificationInfo(
    bool Ok, long Accounts, long Entries, long Unchecked, long DriftCredits, long ProblemsTotal,
    IReadOnlyList<VerificationProblem> Problems);

public sealed record VerificationProblem(long AccountId, long? Seq, string Kind, string Detail);

/// <summary>As <c>POST /admin/ledger/reconcile</c> tells it.</summary>
public sealed record ReconciliationInfo(
    bool Ok, long Accounts, long Unchecked, long DriftCredits, bool Healed, IReadOnlyList<DifferenceInfo> Differences);

public sealed record DifferenceInfo(long AccountId, string Kind, long Redis, long Expected, string Explanation);

/// <param name="Status">Null: it can't be had now.</param>
/// <param name="Problem">Why something can't be shown.</param>
public sealed record StatusModel(StatusInfo? Status, ApiProblem? Problem)
{
    public VerificationInfo? Verification { get; init; }

    public ReconciliationInfo? Reconciliation { get; init; }

    /// <summary>Of Grafana; null: nobody has said where it is.</summary>
    public string? Dashboards { get; init; }
}
