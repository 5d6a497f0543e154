using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.Tests.Http.Requests;

public sealed class QueryFieldsTests
{
    [Theory]
    [InlineData("?n=1&n=2")]
    [InlineData("?n=")]
    [InlineData("?n")]
    [InlineData("?n=%2B1")]
    [InlineData("?n=-1")]
    [InlineData("?n=1.0")]
    [InlineData("?n=11")]
    [InlineData("?n=99999999999999999999999")]
    public void Whole_EmptyTwiceOrOutOfRange_IsAnError(string query)
    {
        var fields = Fields(query);
        Assert.Null(fields.Whole("n", 0, 10));
        Assert.Equal("?n", Assert.Single(fields.Errors).Pointer);
    }

    [Theory]
    [InlineData("?from=2026-05-01T00:00:00Z", "2026-05-01T00:00:00.0000000+00:00")]
    [InlineData("?from=2026-05-01T02:00:00%2B02:00", "2026-05-01T00:00:00.0000000+00:00")]
    [InlineData("?from=2026-05-01T00:00:00.123Z", "2026-05-01T00:00:00.1230000+00:00")]
    [InlineData("?from=2026-05-01", "2026-05-01T00:00:00.0000000+00:00")]
    [InlineData("?to=2026-05-01", "2026-05-02T00:00:00.0000000+00:00")]
    [InlineData("?to=2026-05-01T00:00:00Z", "2026-05-01T00:00:00.0000000+00:00")]
    [InlineData("?to=9999-12-31", "9999-12-31T23:59:59.9999999+00:00")]
    public void Range_OfAMomentOrADay_IsInUtc(string query, string expected)
    {
        var fields = Fields(query);
        var (from, to) = fields.Range("from", "to");
        Assert.Empty(fields.Errors);
        Assert.Equal(expected, (from ?? to)!.Value.ToString("O"));
    }

    [Theory]
    [InlineData("?from=")]
    [InlineData("?from=yesterday")]
    [InlineData("?from=1767225600")]
    [InlineData("?from=2026-02-30")]
    [InlineData("?from=2026-05-01T00:00:00")]
    [InlineData("?from=2026-05-01T02:00:00+02:00")]
    [InlineData("?from=2026-05-01T25:00:00Z")]
    [InlineData("?from=0001-01-01T00:00:00%2B14:00")]
    [InlineData("?from=05/01/2026")]
    [InlineData("?from=2026-05-01&from=2026-05-02")]
    public void Range_OfWhatIsNoMoment_IsAnError(string query)
    {
        var fields = Fields(query);
        fields.Range("from", "to");
        Assert.Equal("?from", Assert.Single(fields.Errors).Pointer);
    }

    [Theory]
    [InlineData("?from=2026-05-02&to=2026-05-01", true)]
    [InlineData("?from=2026-05-01&to=2026-05-01", false)]
    [InlineData("?from=2026-05-01T00:00:01Z&to=2026-05-01T00:00:00Z", true)]
    [InlineData("?from=2026-05-01T00:00:00Z&to=2026-05-01T00:00:00Z", false)]
    public void Range_ThatEndsBeforeItBegins_IsAnError(string query, bool isWrong)
    {
        var fields = Fields(query);
        fields.Range("from", "to");
        Assert.Equal(isWrong, fields.Errors.Count == 1);
    }

    [Theory]
    [InlineData("?limit=1&offset=2", null)]
    [InlineData("?", null)]
    [InlineData("?form=x", "form")]
    [InlineData("?Limit=1", "Limit")]
    [InlineData("?limit=1&limit=1", "limit")]
    [InlineData("?limit=1&Limit=1", "limit")]
    [InlineData("?=1", "")]
    [InlineData("?limit=%00", "limit")]
    [InlineData("?limit=%0a", "limit")]
    public void Guard_OfNamesAndValues_NamesWhatIsWrong(string query, string? wrong)
    {
        var problem = QueryGuard.Check(new Microsoft.AspNetCore.Http.QueryCollection(QueryHelpers.ParseQuery(query)), ["limit", "offset"]);
        Assert.Equal(wrong is null ? null : "?" + wrong, problem?.Errors?[0].Pointer);
        Assert.True(problem is null || wrong is "limit" || problem.Detail.Contains("limit, offset", StringComparison.Ordinal));
    }

    [Fact]
    public void Guard_OfHundredsOfNames_ShowsTheFirstTwentyAndCountsTheRest()
    {
        var query = "?" + string.Join('&', Enumerable.Range(0, 500).Select(i => $"a{i}={new string('x', 5)}"));
        var problem = QueryGuard.Check(new Microsoft.AspNetCore.Http.QueryCollection(QueryHelpers.ParseQuery(query)), [])!;
        Assert.Equal((20, 480), (problem.Errors!.Count, problem.MoreErrors));
    }

    [Theory]
    [InlineData(true, 'a', '\u00e9', '\ud83d', '\ude00')]
    [InlineData(false, 'a', '\0')]
    [InlineData(false, '\u0085')]
    [InlineData(false, '\ud800')]
    [InlineData(false, '\udc00', '\ud800')]
    [InlineData(false, 'a', '\ud83d')]
    public void Text_ForTheBooks_HasNoControlCharacterAndNoHalfOfAPair(bool isStorable, params char[] text) =>
        Assert.Equal(isStorable, WireText.IsStorable(text));

    private static QueryFields Fields(string query) => new(new Microsoft.AspNetCore.Http.QueryCollection(QueryHelpers.ParseQuery(query)));
}
