namespace MeteringGateway.Ledger.Verifying;

/// <summary>
/// What Redis said of some accounts: the balances of those that it has loaded, and those for which it can't be asked now, their partition
/// being closed, unproven or silent. Of an account in neither there is nothing to compare: it is loaded from the books on its next use.
/// </summary>
internal sealed record RedisLook(IReadOnlyDictionary<long, long> Balances, IReadOnlyCollection<long> Unanswered);
