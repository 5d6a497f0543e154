using System.Globalization;
using MeteringGateway.Credits;

namespace MeteringGateway.Tests.Credits;

public sealed class WindowCalendarTests
{
    [Theory]
    [InlineData("2026-02-28T23:59:59.9Z", "2026-03-01", "2026-03-02", "2026-03-01")]
    [InlineData("2028-02-28T12:00:00Z", "2028-02-29", "2028-03-06", "2028-03-01")]
    [InlineData("2026-12-31T12:00:00Z", "2027-01-01", "2027-01-04", "2027-01-01")]
    [InlineData("2026-11-16T00:00:00Z", "2026-11-17", "2026-11-23", "2026-12-01")]
    [InlineData("2026-11-22T23:59:59Z", "2026-11-23", "2026-11-23", "2026-12-01")]
    public void WindowEnd_AtEdges_IsTheFirstInstantOfTheNext(string now, string day, string week, string month)
    {
        var instant = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);
        Assert.Equal([day, week, month], new[] { "DAILY", "WEEKLY", "MONTHLY" }.Select(period => WindowCalendar.WindowEnd(period, instant)!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        Assert.Null(WindowCalendar.WindowEnd(null, instant));
    }

    [Theory]
    [InlineData("2026-03-01", 28)]
    [InlineData("2028-03-01", 29)]
    [InlineData("2026-05-01", 30)]
    [InlineData("2027-01-01", 31)]
    public void WindowLength_OfAMonth_IsThatMonths(string end, int days) =>
        Assert.Equal(TimeSpan.FromDays(days), WindowCalendar.WindowLength("MONTHLY", DateTimeOffset.Parse(end + "T00:00:00Z", CultureInfo.InvariantCulture)));
}
