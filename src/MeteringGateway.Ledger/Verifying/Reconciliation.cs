namespace MeteringGateway.Ledger.Verifying;

/// <summary>One difference between Redis and the ledger, or between an account in Redis and its holds, and its explanation.</summary>
/// <param name="Kind"><c>balance</c>: Redis against the ledger; <c>held</c>: an account's held against its holds.</param>
/// <param name="Redis">The account's balance or held credits in Redis.</param>
/// <param name="Expected">The balance in the ledger, or the sum of the holds.</param>
internal sealed record LedgerDifference(long AccountId, string Kind, long Redis, long Expected, string Explanation);

/// <summary>
/// The result: <c>Healed</c> means that the accounts were reloaded and no difference is left. <c>Unchecked</c> counts the accounts that
/// could not be compared at the last look because their partition is not served; with any of them the result is neither ok nor healed.
/// </summary>
internal sealed record Reconciliation(
    bool Ok, long Accounts, long Unchecked, long DriftCredits, bool Healed, IReadOnlyList<LedgerDifference> Differences);
