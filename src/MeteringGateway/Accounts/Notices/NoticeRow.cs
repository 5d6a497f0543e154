namespace MeteringGateway.Accounts.Notices;

/// <summary>A crossing as PostgreSQL has it.</summary>
internal record NoticeRow
{
    public long Id { get; init; }
    public long AccountId { get; init; }
    public long? KeyId { get; init; }
    public required string Type { get; init; }
    public string? Period { get; init; }
    public long WindowId { get; init; }
    public int Percent { get; init; }
    public long Threshold { get; init; }
    public long? Spent { get; init; }
    public long? Balance { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset OccurredAt { get; init; }
}

/// <summary>One that was leased to be sent.</summary>
internal sealed record DueDelivery : NoticeRow
{
    /// <summary>This one included.</summary>
    public int Attempts { get; init; }
    public required string Url { get; init; }
    public required byte[] Nonce { get; init; }
}

/// <summary>One in a list, with what became of its delivery; null where none was due.</summary>
internal sealed record ListedNotice : NoticeRow
{
    public string? DeliveryStatus { get; init; }
    public int? Attempts { get; init; }
    public string? LastError { get; init; }
    public DateTimeOffset? NextAttemptAt { get; init; }
}
