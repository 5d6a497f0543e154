using MeteringGateway.Accounts.Usage;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.Tests.Accounts.Usage;

public sealed class UsageRequestTests
{
    private static readonly DateTimeOffset s_now = new(2026, 5, 19, 18, 24, 1, TimeSpan.Zero);

    [Theory]
    [InlineData("", "2026-04-20T00:00:00Z", "2026-05-20T00:00:00Z", 30)]
    [InlineData("?by=hour", "2026-05-18T19:00:00Z", "2026-05-19T19:00:00Z", 24)]
    [InlineData("?by=day&from=2026-05-01&to=2026-05-01", "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", 1)]
    [InlineData("?by=hour&from=2026-05-01&to=2026-05-31", "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z", 744)]
    [InlineData("?by=hour&from=2026-05-01T10:30:00Z&to=2026-05-01T11:00:00Z", "2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z", 1)]
    [InlineData("?from=2026-05-01T10:30:00%2B05:00&to=2026-05-01T11:00:00Z", "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", 1)]
    public void Range_AnyThatIsRight_IsOfWholeHoursOrDays(string text, string from, string to, int steps)
    {
        var (query, problem) = Read(text);

        Assert.Null(problem);
        var whole = query.Whole();
        Assert.Equal((DateTimeOffset.Parse(from, null), DateTimeOffset.Parse(to, null)), (whole.From, whole.To));
        Assert.Equal(steps, (whole.To - whole.From) / whole.Length);
        Assert.Equal(whole, whole.Whole());
    }

    [Theory]
    [InlineData("?by=hour&from=2026-05-01&to=2026-06-01")]
    [InlineData("?from=2025-01-01&to=2026-02-05")]
    [InlineData("?from=2026-06-01")]
    [InlineData("?from=0001-01-01")]
    [InlineData("?to=0001-01-01&from=9999-12-31")]
    public void Range_TooLongOrBackwards_IsRefused(string text) => Assert.NotNull(Read(text).Problem);

    [Theory]
    [InlineData("?to=0001-01-01")]
    [InlineData("?from=9999-12-31&to=9999-12-31")]
    public void Range_AtTheEndsOfTime_IsNoFailure(string text)
    {
        var (query, problem) = Read(text);

        Assert.Null(problem);
        Assert.True(query.Whole().From <= query.Whole().To);
    }

    private static (UsageQuery Query, object? Problem) Read(string text)
    {
        var fields = new QueryFields(new QueryCollection(QueryHelpers.ParseQuery(text)));
        var query = UsageRequest.Read(fields, 1, s_now);
        return (query, fields.Problem);
    }
}
