using MeteringGateway.WebConsole.Frame.Inside;

namespace MeteringGateway.WebConsole.Operation.Status;

/// <summary>As <c>GET /readyz</c> tells it.</summary>
public sealed record ReadinessInfo(string Status, IReadOnlyList<string> Reasons, IReadOnlyList<SurfaceReason> Surfaces);

public sealed record SurfaceReason(string Surface, string Reason);

/// <summary>As <c>GET /admin/ledger/verify</c> tells it.</summary>
public sealed record VerificationInfo(
    bool Ok, long Accounts, long Entries, long Unchecked, long DriftCredits, long ProblemsTotal, IReadOnlyList<VerificationProblem> Problems);

public sealed record VerificationProblem(long AccountId, long? Seq, string Kind, string Detail);

/// <summary>As <c>POST /admin/ledger/reconcile</c> tells it.</summary>
public sealed record ReconciliationInfo(
    bool Ok, long Accounts, long Unchecked, long DriftCredits, bool Healed, IReadOnlyList<DifferenceInfo> Differences);

public sealed record DifferenceInfo(long AccountId, string Kind, long Redis, long Expected, string Explanation);

/// <param name="Readiness">Null: this gateway does not answer itself.</param>
/// <param name="Problem">Why something can't be shown.</param>
public sealed record StatusModel(ReadinessInfo? Readiness, ApiProblem? Problem)
{
    public VerificationInfo? Verification { get; init; }

    public ReconciliationInfo? Reconciliation { get; init; }
}
