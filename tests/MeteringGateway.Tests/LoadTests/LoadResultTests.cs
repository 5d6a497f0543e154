using MeteringGateway.Compare.Load;

namespace MeteringGateway.Tests.LoadTests;

public sealed class LoadResultTests
{
    private const string Output = """
        Running 6s test @ http://127.0.0.1:8080
          1 threads and 64 connections
        Requests/sec:   5003.71
        RESULT 30022 6000123 12500 40250 91000 20 3
        """;

    [Fact]
    public void Parse_OutputOfWrk_ReadsItsLastLine()
    {
        var result = LoadResult.Parse(Output);

        Assert.Equal((30_022, 30_002), (result.Requests, result.Succeeded));
        Assert.Equal((12.5, 40.25, 91), (result.P50.TotalMilliseconds, result.P99.TotalMilliseconds, result.Longest.TotalMilliseconds));
        Assert.Equal((20, 3), (result.Refused, result.Lost));
        Assert.Equal(30_002 / 6.000123, result.PerSecond, 6);
    }

    [Fact]
    public void Parse_OfItsOwnLine_IsTheSame()
    {
        var result = LoadResult.Parse(Output);
        Assert.Equal(result, LoadResult.Parse(result.Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData("unable to connect to 127.0.0.1:8080 Connection refused")]
    [InlineData("RESULT 1 2 3")]
    public void Parse_WithoutAResult_SaysWhatWasPrinted(string output)
    {
        var refused = Assert.Throws<FormatException>(() => LoadResult.Parse(output));
        Assert.EndsWith(output, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sum_OfTwoSideBySide_AddsCallsAndKeepsTheWorseTimes()
    {
        var quick = LoadResult.Parse("RESULT 100 1000000 10 90 95 1 0");
        var slow = LoadResult.Parse("RESULT 50 2000000 20 40 300 0 2");
        Assert.Equal(LoadResult.Parse("RESULT 150 2000000 20 90 300 1 2"), quick + slow);
    }
}
