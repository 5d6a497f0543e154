using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>The windows of an instant by the calendar of .NET, where windows.lua has only whole numbers to go by.</summary>
internal static class ModelCalendar
{
    private static readonly DateTime s_firstMonday = new(1969, 12, 29, 0, 0, 0, DateTimeKind.Utc);

    public static SpendWindows Of(long milliseconds)
    {
        var day = Instant(milliseconds).Date;
        return new SpendWindows((day - DateTime.UnixEpoch).Days, (day - s_firstMonday).Days / 7, (day.Year * 12) + day.Month - 1);
    }

    public static DateTime Instant(long milliseconds) => DateTime.UnixEpoch.AddMilliseconds(milliseconds);

    public static long Milliseconds(DateTime instant) => (long)(instant - DateTime.UnixEpoch).TotalMilliseconds;

    /// <summary>The newest of both, window by window.</summary>
    public static SpendWindows Latest(SpendWindows a, SpendWindows b) =>
        new(Math.Max(a.Day, b.Day), Math.Max(a.Week, b.Week), Math.Max(a.Month, b.Month));
}
