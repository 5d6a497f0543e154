using MeteringGateway.Scenarios.Model;

namespace MeteringGateway.Tests.LoadTests.Scenarios;

public sealed class ArrivalsTests
{
    private static readonly TimeSpan s_ten = TimeSpan.FromSeconds(10);

    [Fact]
    public void Inject_ComesEvenly()
    {
        var due = Arrivals.Due([new Inject(4, TimeSpan.FromSeconds(2))]).Select(at => at.TotalMilliseconds).ToArray();
        Assert.Equal([0, 250, 500, 750, 1000, 1250, 1500, 1750], due);
    }

    [Theory]
    [InlineData(100, 10, 500)]
    [InlineData(0.5, 10, 2)]
    [InlineData(3, 1, 2)]
    public void RampingInject_FromNothing_SendsHalfOfItsRate(double rate, double seconds, long expected) =>
        Assert.Equal(expected, Arrivals.Count([new RampingInject(rate, TimeSpan.FromSeconds(seconds))]));

    /// <summary>At a quarter of the ramp's arrivals half of its time is over, for the area grows with the square of the time.</summary>
    [Fact]
    public void RampingInject_ComesCloserAndCloser()
    {
        var due = Arrivals.Due([new RampingInject(40, s_ten)]).ToArray();
        Assert.Equal(200, due.Length);
        Assert.Equal(5, due[50].TotalSeconds, precision: 3);
        Assert.All(due.Zip(due.Skip(1)).Zip(due.Skip(1).Zip(due.Skip(2))), pair =>
            Assert.True(pair.Second.Second - pair.Second.First <= pair.First.Second - pair.First.First + TimeSpan.FromTicks(2)));
        Assert.True(due[^1] < s_ten);
    }

    [Fact]
    public void RampingInject_BeginsAtTheRateBefore_AndMayFall()
    {
        IReadOnlyList<LoadSimulation> phases = [new Inject(10, s_ten), new RampingInject(0, s_ten)];
        Assert.Equal(100 + 50, Arrivals.Count(phases));
        Assert.Equal(10, Arrivals.Wanted(phases, 9), precision: 6);
        Assert.Equal(9.5, Arrivals.Wanted(phases, 10), precision: 6);
        Assert.Equal(0.5, Arrivals.Wanted(phases, 19), precision: 6);
        Assert.Equal(0, Arrivals.Wanted(phases, 20), precision: 6);
    }

    [Fact]
    public void Phases_FollowEachOther_AndAPauseOrAClosedOneIsEmpty()
    {
        IReadOnlyList<LoadSimulation> phases =
        [
            new Inject(1, TimeSpan.FromSeconds(2)), new Pause(TimeSpan.FromSeconds(3)), new KeepConstant(5, TimeSpan.FromSeconds(1)),
            new Inject(2, TimeSpan.FromSeconds(1)),
        ];
        Assert.Equal([0, 1, 6, 6.5], Arrivals.Due(phases).Select(at => at.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(7), Arrivals.Length(phases));
    }

    [Fact]
    public void Due_IsOfTheCount_InOrder_WithinTheLoad()
    {
        foreach (var phases in new IReadOnlyList<LoadSimulation>[]
        {
            [new RampingInject(37, s_ten), new Inject(11.5, TimeSpan.FromSeconds(3)), new RampingInject(3, s_ten)],
            [new Inject(0.3, s_ten)], [new RampingInject(1, TimeSpan.FromSeconds(1))],
        })
        {
            var due = Arrivals.Due(phases).ToArray();
            Assert.Equal(Arrivals.Count(phases), due.Length);
            Assert.Equal(due.Order(), due);
            Assert.All(due, at => Assert.InRange(at, TimeSpan.Zero, Arrivals.Length(phases)));
        }
    }
}
