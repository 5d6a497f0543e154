namespace MeteringGateway.Ledger.Verifying;

/// <summary>One thing that is wrong with the books, where it was seen, in words for an operator.</summary>
internal sealed record LedgerProblem(long AccountId, long? Seq, string Kind, string Detail);

/// <summary>Asks Redis for balances.</summary>
internal delegate Task<RedisLook> RedisBalances(IReadOnlyList<long> accountIds, CancellationToken cancellationToken);

/// <summary>
/// The answer of the walk through the books. <c>DriftCredits</c> is the sum of all differences of balances, each taken as positive;
/// <c>ProblemsTotal</c> counts all problems, of which <c>Problems</c> lists the first. <c>Unchecked</c> counts the accounts that Redis
/// could not be asked for: nothing is known to be wrong with them, but nobody has looked, so it is not ok either.
/// </summary>
internal sealed record LedgerVerification(
    bool Ok,
    long Accounts,
    long Entries,
    long Unchecked,
    long DriftCredits,
    long ProblemsTotal,
    IReadOnlyList<LedgerProblem> Problems);
