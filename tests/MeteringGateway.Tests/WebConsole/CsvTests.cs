using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.Tests.WebConsole;

public sealed class CsvTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData(" =1", "' =1")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("a=b", "a=b")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("=\"a\"", "\"'=\"\"a\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("", "")]
    public void Text_IsNoFormulaAndOneCell(string text, string cell)
    {
        var csv = new Csv(["name"]);
        csv.Add(text);
        Assert.Equal($"name\r\n{cell}\r\n", csv.ToString());
    }

    [Fact]
    public void Numbers_StayNumbers()
    {
        var csv = new Csv(["a", "b", "c", "d"]);
        csv.Add(-2L, 1234567L, 0.5m, null);
        Assert.Equal("a,b,c,d\r\n-2,1234567,0.5,\r\n", csv.ToString());
    }

    [Fact]
    public void Moments_AreUtc()
    {
        var csv = new Csv(["at"]);
        csv.Add(new DateTimeOffset(2026, 5, 19, 20, 24, 1, 250, TimeSpan.FromHours(2)));
        Assert.Equal("at\r\n2026-05-19T18:24:01.250Z\r\n", csv.ToString());
    }
}
