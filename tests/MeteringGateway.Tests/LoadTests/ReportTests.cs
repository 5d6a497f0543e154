using MeteringGateway.Compare.Growth;
using MeteringGateway.Compare.Report;
using MeteringGateway.Compare.Rounds;
using MeteringGateway.Load.Stack;

namespace MeteringGateway.Tests.LoadTests;

public sealed class ReportTests
{
    [Theory]
    [InlineData(true, 0.5, "0.50 ms, met")]
    [InlineData(true, 0.49, "0.49 ms, **not met**")]
    [InlineData(false, 0.5, "0.50 ms, met")]
    [InlineData(false, 0.51, "0.51 ms, **not met**")]
    [InlineData(false, double.NaN, "–")]
    public void Goal_OfAFigure_SaysWhetherItIsMet(bool atLeast, double figure, string expected) =>
        Assert.Equal(expected, new Goal("latency", 0.5, atLeast, 2, " ms").Said(figure));

    [Fact]
    public void MarkedSection_Replaced_KeepsWhatStandsAroundIt()
    {
        var document = $"before\n{MarkedSection.Begin("growth")}\nold\n{MarkedSection.End("growth")}\nafter\n";
        var once = MarkedSection.Replace(document, "growth", "new\n");

        Assert.Equal($"before\n{MarkedSection.Begin("growth")}\n\nnew\n\n{MarkedSection.End("growth")}\nafter\n", once);
        Assert.Equal(once, MarkedSection.Replace(once, "growth", "new"));
        Assert.Throws<InvalidOperationException>(() => MarkedSection.Replace(document, "compare", "new"));
    }

    [Fact]
    public void Document_OfPerformance_HasTheMarksOfEachRun()
    {
        var document = File.ReadAllText(Path.Combine(Repository.TidyTests.Root, "docs", "performance.md"));
        Assert.All(["compare", "growth", "streams"], name => Assert.Contains("kept", MarkedSection.Replace(document, name, "kept")));
    }

    [Theory]
    [InlineData(100, 100, 64, true)]
    [InlineData(100, 164, 64, true)]
    [InlineData(100, 165, 64, false)]
    [InlineData(100, 99, 64, false)]
    public void LedgerCheck_OfALoad_AllowsOnlyWhatMayBeCutOff(long succeeded, long entries, int cut, bool isRight) =>
        Assert.Equal(isRight, LedgerCheck.Difference(succeeded, entries, cut) is null);

    [Fact]
    public void Missing_Programs_AreNamedWithTheCommandThatInstallsThem()
    {
        Assert.Empty(Programs.Missing(redis: false, postgres: false, wrk: false, nginx: false, lua: false));
        Assert.Equal(
            [
                "Missing: wrk, libnginx-mod-http-lua.",
                "Run: sudo apt-get install -y --no-install-recommends wrk libnginx-mod-http-lua",
                "Or leave that peer out: --without nginx",
            ],
            Programs.Missing(redis: false, postgres: false, wrk: true, nginx: false, lua: true));
    }

    [Theory]
    [InlineData("{p3}:a:17", "{p#}:a:#")]
    [InlineData("{p12}:c:01a1fcc6288f72ee83bdff996d60ac16", "{p#}:c:#")]
    [InlineData("{p0}:holds", "{p#}:holds")]
    public void KeyShape_OfAName_LeavesItsNumbersOut(string key, string expected) => Assert.Equal(expected, KeyShapes.ShapeOf(key));
}
