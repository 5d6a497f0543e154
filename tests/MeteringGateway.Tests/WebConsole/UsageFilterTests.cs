using MeteringGateway.Accounts.Usage;
using MeteringGateway.WebConsole.Account.Usage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.Tests.WebConsole;

public sealed class UsageFilterTests
{
    private static readonly DateTimeOffset s_now = new(2026, 5, 19, 18, 24, 1, TimeSpan.Zero);

    [Theory]
    [InlineData("", "2026-05-13T00:00:00Z", "2026-05-20T00:00:00Z", UsageStep.Day)]
    [InlineData("?range=24h", "2026-05-18T19:00:00Z", "2026-05-19T19:00:00Z", UsageStep.Hour)]
    [InlineData("?range=30d", "2026-04-20T00:00:00Z", "2026-05-20T00:00:00Z", UsageStep.Day)]
    [InlineData("?from=2026-05-01&to=2026-05-02", "2026-05-01T00:00:00Z", "2026-05-03T00:00:00Z", UsageStep.Day)]
    [InlineData("?from=2026-05-01&to=2026-05-01&by=hour", "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", UsageStep.Hour)]
    public void Address_SaysTheRange(string query, string from, string to, object step)
    {
        var (read, fault) = Read(query);
        Assert.Null(fault);
        Assert.Equal(
            (DateTimeOffset.Parse(from), DateTimeOffset.Parse(to), (UsageStep)step, 12L),
            (read!.From, read.To, read.Step, read.AccountId!.Value));
    }

    [Theory]
    [InlineData("?range=5y")]
    [InlineData("?by=minute")]
    [InlineData("?group=account")]
    [InlineData("?key_id=seven")]
    [InlineData("?from=2026-05-19&to=2026-05-01")]
    [InlineData("?from=yesterday&to=2026-05-01")]
    [InlineData("?range=90d&by=hour")]
    [InlineData("?from=9999-12-31&to=9999-12-31")]
    [InlineData("?surface=a%00b")]
    [InlineData("?from=2020-01-01&to=2026-05-01")]
    public void Nonsense_IsSaid(string query)
    {
        var (read, fault) = Read(query);
        Assert.Null(read);
        Assert.NotNull(fault);
    }

    [Fact]
    public void KeyOfNobody_IsSaid() => Assert.NotNull(UsageFilter.Of(Query("?key_id=7")).Read(null, s_now).Fault);

    [Fact]
    public void Page_KeepsTheFilters()
    {
        var filter = UsageFilter.Of(Query("?range=30d&group=key&surface=a%20b&key_id=7"));
        Assert.Equal("/console/usage?range=30d&by=day&group=key&surface=a%20b&key_id=7", filter.Page("/console/usage"));
        Assert.Equal(filter, UsageFilter.Of(Query("?range=30d&by=day&group=key&surface=a%20b&key_id=7")));
    }

    private static (UsageQuery? Query, string? Fault) Read(string query) => UsageFilter.Of(Query(query)).Read(12, s_now);

    private static QueryCollection Query(string query) => new(QueryHelpers.ParseQuery(query));
}
