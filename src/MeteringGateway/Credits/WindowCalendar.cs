namespace MeteringGateway.Credits;

/// <summary>When the calendar windows of the limits end, in UTC. The windows themselves are windows.lua's: the store's clock decides.</summary>
internal static class WindowCalendar
{
    /// <summary>The first instant of the next window; null for a period that never ends.</summary>
    public static DateTimeOffset? WindowEnd(string? period, DateTimeOffset now)
    {
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return period switch
        {
            "DAILY" => day.AddDays(1),
            "WEEKLY" => day.AddDays(7 - (((int)day.DayOfWeek + 6) % 7)),
            "MONTHLY" => new DateTimeOffset(day.Year, day.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1),
            _ => null,
        };
    }

    /// <summary>How long a window of the period is that ends then.</summary>
    public static TimeSpan? WindowLength(string? period, DateTimeOffset end) => period switch
    {
        "DAILY" => TimeSpan.FromDays(1),
        "WEEKLY" => TimeSpan.FromDays(7),
        "MONTHLY" => end - end.AddMonths(-1),
        _ => null,
    };
}
