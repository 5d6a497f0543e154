using System.ComponentModel;

namespace MeteringGateway.Ledger.Verifying;

[Description("One difference between Redis and the ledger, or between an account in Redis and its holds, and its explanation.")]
internal sealed record LedgerDifference(
    long AccountId,
    [property: Description("`balance`: Redis against the ledger; `held`: an account's held against its holds.")] string Kind,
    [property: Description("The account's balance or held credits in Redis.")] long Redis,
    [property: Description("The balance in the ledger, or the sum of the holds.")] long Expected,
    string Explanation);

[Description(
    "The result: `healed` means that the accounts were reloaded and no difference is left. `unchecked` counts the accounts that could "
    + "not be compared at the last look because their partition is not served; with any of them the result is neither ok nor healed.")]
internal sealed record Reconciliation(
    bool Ok, long Accounts, long Unchecked, long DriftCredits, bool Healed, IReadOnlyList<LedgerDifference> Differences);
