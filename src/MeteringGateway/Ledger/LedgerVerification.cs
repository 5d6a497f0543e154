using System.Text.Json.Serialization;

namespace MeteringGateway.Ledger;

/// <summary>One thing that is wrong with the books, where it was seen, in words for an operator.</summary>
internal sealed record LedgerProblem(long AccountId, long? Seq, string Kind, string Detail);

/// <summary>The balances that Redis holds, of those of the accounts that it has loaded.</summary>
internal delegate Task<IReadOnlyDictionary<long, long>> RedisBalances(IReadOnlyList<long> accountIds, CancellationToken cancellationToken);

/// <summary>
/// The answer of the walk through the books. <c>DriftCredits</c> is the sum of all differences of balances, each taken as positive;
/// <c>ProblemsTotal</c> counts all problems, of which <c>Problems</c> lists the first.
/// </summary>
internal sealed record LedgerVerification(
    bool Ok,
    long Accounts,
    long Entries,
    long DriftCredits,
    long ProblemsTotal,
    IReadOnlyList<LedgerProblem> Problems);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LedgerVerification))]
[JsonSerializable(typeof(TransactionsAnswer))]
[JsonSerializable(typeof(RebuiltBalance))]
[JsonSerializable(typeof(Reconciliation))]
internal sealed partial class LedgerJson : JsonSerializerContext;
