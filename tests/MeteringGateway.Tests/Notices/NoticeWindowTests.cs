using System.Globalization;
using MeteringGateway.Credits;
using MeteringGateway.Notices;

namespace MeteringGateway.Tests.Notices;

public sealed class NoticeWindowTests
{
    [Theory]
    [InlineData("DAILY", 0, "1970-01-02")]
    [InlineData("DAILY", -1, "1970-01-01")]
    [InlineData("DAILY", 20_513, "2026-03-02")]
    [InlineData("WEEKLY", 0, "1970-01-05")]
    [InlineData("WEEKLY", 2930, "2026-03-02")]
    [InlineData("WEEKLY", 2931, "2026-03-09")]
    [InlineData("MONTHLY", (2026 * 12) + 0, "2026-02-01")]
    [InlineData("MONTHLY", (2026 * 12) + 11, "2027-01-01")]
    public void End_OfAWindow_IsTheFirstInstantAfterIt(string period, long window, string end) =>
        Assert.Equal(Day(end), NoticeWindow.End(period, window));

    /// <summary>The books number a window, and the limits name its end: both are the same window, on every day of four centuries.</summary>
    [Fact]
    public void End_OfEveryDayOfFourCenturies_IsThatOfTheLimits()
    {
        var monday = Day("1969-12-29");
        for (var day = Day("1970-01-01"); day < Day("2370-01-01"); day = day.AddDays(1))
        {
            var last = day.AddDays(1).AddTicks(-1);
            foreach (var now in new[] { day, last })
            {
                Assert.Equal(WindowCalendar.WindowEnd("DAILY", now), NoticeWindow.End("DAILY", (day - DateTimeOffset.UnixEpoch).Days));
                Assert.Equal(WindowCalendar.WindowEnd("WEEKLY", now), NoticeWindow.End("WEEKLY", (day - monday).Days / 7));
                Assert.Equal(WindowCalendar.WindowEnd("MONTHLY", now), NoticeWindow.End("MONTHLY", (day.Year * 12) + day.Month - 1));
            }
        }
    }

    private static DateTimeOffset Day(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
