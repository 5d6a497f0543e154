namespace MeteringGateway.Ledger.Verifying;

/// <summary>
/// Redis's answer for some accounts: the balances of the loaded ones, and the accounts for which Redis can't be asked,
/// since their partition is closed, not verified or silent. An account in neither is not loaded, so there is nothing to compare.
/// </summary>
internal sealed record RedisLook(IReadOnlyDictionary<long, long> Balances, IReadOnlyCollection<long> Unanswered);
