namespace MeteringGateway.Accounts.Payouts;

/// <summary>A row whose credits are given under one entry id.</summary>
internal interface IPayoutRow
{
    /// <summary>What the ledger books it under; the same on every attempt, so it is booked once.</summary>
    string EntryId { get; }
    string Status { get; }
}

/// <summary>The states of a row that has nothing but credits to wait for.</summary>
internal static class PayoutStatus
{
    public const string Pending = "pending";
    public const string Applied = "applied";
    public const string Refused = "refused";
}

/// <summary>The rows of one table that nobody may be at work on any more.</summary>
internal interface IUnfinishedRows<TRow>
    where TRow : class, IPayoutRow
{
    /// <summary>The page after a row; null: the first. Old enough that the request which made them won't finish them itself.</summary>
    Task<IReadOnlyList<TRow>> ListUnfinishedAsync(TRow? after, int limit, CancellationToken cancellationToken);

    /// <summary>Takes a row as far as it gets, and returns it as it then stands.</summary>
    Task<TRow> FinishAsync(TRow row, CancellationToken cancellationToken);
}
