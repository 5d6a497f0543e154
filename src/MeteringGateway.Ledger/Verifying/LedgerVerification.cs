using System.ComponentModel;

namespace MeteringGateway.Ledger.Verifying;

[Description("One problem of the ledger: where it was found, and a text for an operator.")]
internal sealed record LedgerProblem(long AccountId, long? Seq, string Kind, string Detail);

/// <summary>Reads balances from Redis.</summary>
internal delegate Task<RedisLook> RedisBalances(IReadOnlyList<long> accountIds, CancellationToken cancellationToken);

[Description(
    "The result of a verification. `drift_credits` is the sum of the absolute differences of balances; `problems_total` counts all "
    + "problems, of which `problems` lists the first. `unchecked` counts the accounts for which Redis did not answer: no problem is "
    + "known, but they were not compared, so the result is not ok.")]
internal sealed record LedgerVerification(
    bool Ok,
    long Accounts,
    long Entries,
    long Unchecked,
    long DriftCredits,
    long ProblemsTotal,
    IReadOnlyList<LedgerProblem> Problems);
