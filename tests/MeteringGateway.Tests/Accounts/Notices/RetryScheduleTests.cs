using MeteringGateway.Accounts.Notices;

namespace MeteringGateway.Tests.Accounts.Notices;

public sealed class RetryScheduleTests
{
    private static readonly NoticesOptions Options =
        new() { FirstRetry = TimeSpan.FromSeconds(5), LongestRetry = TimeSpan.FromMinutes(1), MaxAttempts = 100 };

    [Theory]
    [InlineData(1, 0.0, 2.5)]
    [InlineData(1, 0.5, 3.75)]
    [InlineData(2, 0.0, 5)]
    [InlineData(4, 0.0, 20)]
    [InlineData(5, 0.0, 30)]
    [InlineData(99, 0.0, 30)]
    public void After_FailedAttempts_DoublesUpToTheBoundAndIsShortenedByChance(int attempts, double chance, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.After(Options, attempts, chance));

    [Fact]
    public void After_TheLastAttempt_IsNever() => Assert.Null(RetrySchedule.After(Options, 100, 0));

    [Theory]
    [InlineData("DAILY", 20775, "2026-11-19T00:00:00+00:00")]
    [InlineData("WEEKLY", 2968, "2026-11-23T00:00:00+00:00")]
    [InlineData("MONTHLY", 24323, "2027-01-01T00:00:00+00:00")]
    [InlineData("FIXED", 0, null)]
    [InlineData(null, 7, null)]
    public void WindowEnd_OfTheBooksNumbers_IsTheNextWindowsFirstInstant(string? period, long window, string? end) =>
        Assert.Equal(
            end is null ? null : DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture),
            NoticeWindow.End(period, window));
}
