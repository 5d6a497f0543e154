namespace MeteringGateway.Ledger.Verifying;

/// <summary>One thing on which Redis and the books differ, or Redis with itself, and why.</summary>
/// <param name="Kind"><c>balance</c>: Redis against the books; <c>held</c>: an account's held against its holds.</param>
/// <param name="Redis">What the account has or holds there.</param>
/// <param name="Expected">What the books, or the holds, come to.</param>
internal sealed record LedgerDifference(long AccountId, string Kind, long Redis, long Expected, string Explanation);

/// <summary>
/// The outcome: <c>Healed</c> says that the accounts were loaded anew and no difference is left. <c>Unchecked</c> counts the accounts that
/// could not be compared at the last look, because their partition is not served: of them nothing is known, so it is neither ok nor healed.
/// </summary>
internal sealed record Reconciliation(
    bool Ok, long Accounts, long Unchecked, long DriftCredits, bool Healed, IReadOnlyList<LedgerDifference> Differences);
