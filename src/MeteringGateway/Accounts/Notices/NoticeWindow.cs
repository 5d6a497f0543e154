using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Accounts.Notices;

/// <summary>When a window of the ledger ends; the numbering is that of <c>key_spend.window_id</c>.</summary>
internal static class NoticeWindow
{
    /// <summary>The first instant after it; null for FIXED and where there is no window.</summary>
    public static DateTimeOffset? End(string? period, long windowId) => Period.Named(period)?.End(windowId);
}
