namespace MeteringGateway.Ledger.Verifying;

/// <summary>One problem of the ledger: where it was found, and a text for an operator.</summary>
internal sealed record LedgerProblem(long AccountId, long? Seq, string Kind, string Detail);

/// <summary>Reads balances from Redis.</summary>
internal delegate Task<RedisLook> RedisBalances(IReadOnlyList<long> accountIds, CancellationToken cancellationToken);

/// <summary>
/// The result of a verification. <c>DriftCredits</c> is the sum of the absolute differences of balances; <c>ProblemsTotal</c> counts all
/// problems, of which <c>Problems</c> lists the first. <c>Unchecked</c> counts the accounts for which Redis did not answer: no problem is
/// known, but they were not compared, so the result is not ok.
/// </summary>
internal sealed record LedgerVerification(
    bool Ok,
    long Accounts,
    long Entries,
    long Unchecked,
    long DriftCredits,
    long ProblemsTotal,
    IReadOnlyList<LedgerProblem> Problems);
