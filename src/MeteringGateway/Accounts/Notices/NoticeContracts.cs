namespace MeteringGateway.Accounts.Notices;

/// <summary>
/// A crossing as it goes out: the body of a webhook. <c>limit</c> is the limit, the budget or the low-balance threshold;
/// <c>spent</c> and <c>resets_at</c> are null for a balance, <c>balance</c> for a limit;
/// <c>reason</c> is there for what is no threshold, whose <c>percent</c> is 0.
/// </summary>
internal record NoticeView(
    long Id,
    string Type,
    long AccountId,
    long? KeyId,
    string? Period,
    int Percent,
    long Limit,
    long? Spent,
    long? Balance,
    DateTimeOffset? ResetsAt,
    string? Reason,
    DateTimeOffset OccurredAt)
{
    public static NoticeView Of(NoticeRow row) => new(
        row.Id, row.Type, row.AccountId, row.KeyId, row.Period, row.Percent, row.Threshold, row.Spent, row.Balance,
        NoticeWindow.End(row.Period, row.WindowId), row.Reason, row.OccurredAt);
}

/// <summary>The same in a list, with what became of its delivery.</summary>
internal sealed record NoticeEntry : NoticeView
{
    public NoticeEntry(ListedNotice row)
        : base(Of(row)) =>
        Delivery = row.DeliveryStatus is { } status
            ? new DeliveryView(status, row.Attempts ?? 0, row.LastError, status == "pending" ? row.NextAttemptAt : null)
            : null;

    public DeliveryView? Delivery { get; }
}

internal sealed record DeliveryView(string Status, int Attempts, string? LastError, DateTimeOffset? NextAttemptAt);

internal sealed record NoticePage(IReadOnlyList<NoticeEntry> Events, long Total, int Limit, int Offset);

internal sealed record NoticeSettings(long? LowBalanceMark);
