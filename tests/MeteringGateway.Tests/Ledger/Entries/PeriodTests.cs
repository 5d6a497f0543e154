using System.Globalization;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Tests.Ledger.Entries;

public sealed class PeriodTests
{
    [Theory]
    [InlineData("2026-02-28T23:59:59.9Z", "2026-03-01", "2026-03-02", "2026-03-01")]
    [InlineData("2028-02-28T12:00:00Z", "2028-02-29", "2028-03-06", "2028-03-01")]
    [InlineData("2026-12-31T12:00:00Z", "2027-01-01", "2027-01-04", "2027-01-01")]
    [InlineData("2026-11-16T00:00:00Z", "2026-11-17", "2026-11-23", "2026-12-01")]
    [InlineData("2026-11-22T23:59:59Z", "2026-11-23", "2026-11-23", "2026-12-01")]
    public void End_AtEdges_IsTheFirstInstantOfTheNext(string now, string day, string week, string month)
    {
        var instant = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);
        var ends = Period.All.Skip(1)
            .Select(period => period.End(instant)!.Value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        Assert.Equal([day, week, month], ends.Select(end => end.Replace(" 00:00:00", "", StringComparison.Ordinal)));
        Assert.Null(Period.Fixed.End(instant));
    }

    [Theory]
    [InlineData("2026-03-01", 28)]
    [InlineData("2028-03-01", 29)]
    [InlineData("2026-05-01", 30)]
    [InlineData("2027-01-01", 31)]
    public void Length_OfAMonth_IsThatMonths(string end, int days) =>
        Assert.Equal(
            TimeSpan.FromDays(days), Period.Monthly.Length(DateTimeOffset.Parse(end + "T00:00:00Z", CultureInfo.InvariantCulture)));

    [Fact]
    public void Length_OfTheOthers_IsAlwaysTheSame()
    {
        var end = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal([null, TimeSpan.FromDays(1), TimeSpan.FromDays(7)], Period.All.Take(3).Select(period => period.Length(end)));
    }

    [Fact]
    public void Periods_InTheirRow_StandWhereTheirNumbersSay()
    {
        Assert.Equal(Enumerable.Range(0, Period.Count), Period.All.Select(period => period.Number));
        Assert.Equal("FDWM", string.Concat(Period.All.Select(period => period.Letter)));
        Assert.All(Period.All, period => Assert.Same(period, Period.Named(period.Name)));
        Assert.Null(Period.Named(null));
        Assert.Null(Period.Named("YEARLY"));
    }
}
