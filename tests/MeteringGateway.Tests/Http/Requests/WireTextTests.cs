using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Tests.Http.Requests;

public sealed class WireTextTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("Zoë & 字", true)]
    [InlineData("😀", true)]
    [InlineData("a\u0000", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\u007f", false)]
    [InlineData("a\u0085", false)]
    public void IsStorable_Text_HasNoControlCharacter(string text, bool isStorable) => Assert.Equal(isStorable, WireText.IsStorable(text));

    /// <summary>Not as inline data: half of a pair would not survive the way into a test.</summary>
    [Fact]
    public void IsStorable_HalfOfASurrogatePair_IsNot()
    {
        string[] halves = ["\ud83d", "a\ud83d", "\ude00", "\ud83da", "\ude00\ud83d", "😀\ud83d"];

        Assert.All(halves, text => Assert.False(WireText.IsStorable(text)));
        Assert.True(WireText.IsStorable("😀😀"));
    }

    [Theory]
    [InlineData(null, null, 10, 0, "")]
    [InlineData("1", "0", 1, 0, "")]
    [InlineData("100", "2147483647", 100, 2_147_483_647, "")]
    [InlineData("0", null, 10, 0, "?limit")]
    [InlineData("101", null, 10, 0, "?limit")]
    [InlineData("5", "2147483648", 5, 0, "?offset")]
    [InlineData("+5", "-1", 10, 0, "?limit ?offset")]
    [InlineData("", "1.0", 10, 0, "?limit ?offset")]
    public void Page_WithinItsBounds_IsTakenAndElseNamed(string? limit, string? offset, int most, int after, string wrong)
    {
        var query = new Dictionary<string, StringValues>();
        foreach (var (name, value) in new[] { ("limit", limit), ("offset", offset) })
        {
            if (value is not null)
            {
                query[name] = value;
            }
        }

        var (page, problem) = Page.Read(new QueryCollection(query), 10, 100);

        Assert.Equal(wrong, Body.Pointers(problem?.Errors ?? []));
        Assert.Equal(new Page(most, after), page);
    }

    [Theory]
    [InlineData("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.0000000+00:00")]
    [InlineData("2026-03-01T12:00Z", "2026-03-01T12:00:00.0000000+00:00")]
    [InlineData("2026-03-01T01:30:00.123+02:00", "2026-02-28T23:30:00.1230000+00:00")]
    [InlineData("2026-03-01T12:00:00", null)]
    [InlineData("2026-03-01", null)]
    [InlineData("2026-03-01 12:00:00Z", null)]
    [InlineData("2026-02-30T12:00:00Z", null)]
    [InlineData("2026-03-01T12:00:00Z\n", null)]
    [InlineData("2026-03-01T12:00:00+0200", null)]
    public void Moment_WithItsOffset_IsReadAsUtc(string text, string? read) =>
        Assert.Equal(read, Moments.TryRead(text, out var moment) ? moment.ToString("O") : null);
}
