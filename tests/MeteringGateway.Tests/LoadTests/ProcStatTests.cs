using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Tests.LoadTests;

public sealed class ProcStatTests
{
    [Theory]
    [InlineData("4711 (postgres) S 17 4711 4711 0 -1 4194560 901 20 0 0 250 50 7 3 20 0 1 0 88 12 3 4")]
    [InlineData("4711 (a) b (c) S 17 4711 4711 0 -1 4194560 901 20 0 0 250 50 7 3 20 0 1 0 88 12 3 4")]
    public void TryParse_LineOfTheKernel_ReadsParentAndTimes(string line)
    {
        Assert.True(ProcStat.TryParse(line, out var stat));
        Assert.Equal(new ProcStat(17, 300, 10), stat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4711 (postgres) S 17")]
    public void TryParse_CutOff_IsFalse(string line) => Assert.False(ProcStat.TryParse(line, out _));

    [Fact]
    public void Processor_OfThisProcess_IsNoMoreThanTheMachines()
    {
        var mine = ProcessTree.Processor(Environment.ProcessId);
        Assert.InRange(mine, 1, ProcessTree.Machine());
    }
}
