namespace MeteringGateway.Notices;

/// <summary>When a window of the books ends; the numbering is that of <c>key_spend.window_id</c>.</summary>
internal static class NoticeWindow
{
    private static readonly DateTimeOffset FirstMonday = new(1969, 12, 29, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first instant after it; null for FIXED and where there is no window.</summary>
    public static DateTimeOffset? End(string? period, long windowId) => period switch
    {
        "DAILY" => DateTimeOffset.UnixEpoch.AddDays(windowId + 1),
        "WEEKLY" => FirstMonday.AddDays(7 * (windowId + 1)),
        "MONTHLY" => new DateTimeOffset((int)(windowId / 12), (int)(windowId % 12) + 1, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1),
        _ => null,
    };
}
