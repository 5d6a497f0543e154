using System.Diagnostics;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Running;

namespace MeteringGateway.Tests.LoadTests.Scenarios;

/// <summary>
/// A server that answers in a millisecond but stands still for 200 ms of every 10 s, in reckoned time: 2 % of what arrives at a constant
/// rate falls into a stall and waits up to 200 ms, so that the p99 is half of it. Callers that wait for each other's answers meet each
/// stall once: among their thousands of calls it is no percentile of theirs.
/// </summary>
public sealed class StallTests
{
    private static readonly TimeSpan s_stall = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_service = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_during = TimeSpan.FromSeconds(30);

    [Fact]
    public void OpenModel_ShowsTheStallInItsP99()
    {
        IReadOnlyList<LoadSimulation> phases = [new Inject(200, s_during)];
        var recorder = NewRecorder(phases);
        foreach (var due in Arrivals.Due(phases))
        {
            Record(recorder, due, AnsweredAt(due));
        }

        var result = recorder.Result(s_during);
        Assert.Equal(6000, result.Charged.Count);
        Assert.InRange(result.Charged.P99, TimeSpan.FromMilliseconds(95), TimeSpan.FromMilliseconds(110));
        Assert.InRange(result.Charged.P50, s_service, s_service * 1.01);
        Assert.False(Threshold.P99(TimeSpan.FromMilliseconds(90)).Evaluate(result).Passed);
    }

    [Fact]
    public void ClosedModel_HidesIt()
    {
        IReadOnlyList<LoadSimulation> phases = [new KeepConstant(1, s_during)];
        var recorder = NewRecorder(phases);
        for (var begin = TimeSpan.Zero; begin < s_during;)
        {
            var end = AnsweredAt(begin);
            Record(recorder, begin, end);
            begin = end;
        }

        var result = recorder.Result(s_during);
        Assert.InRange(result.Charged.P99, s_service, s_service * 1.01);
        Assert.InRange(result.Charged.Max, TimeSpan.FromMilliseconds(190), TimeSpan.FromMilliseconds(201));
    }

    private static Recorder NewRecorder(IReadOnlyList<LoadSimulation> phases) =>
        new(phases, [new Step("query", _ => throw new UnreachableException())], start: 0);

    private static void Record(Recorder recorder, TimeSpan due, TimeSpan end) =>
        recorder.Answered(0, Ticks(due), Ticks(end), new Response(Response.Charged, 1, Guid.NewGuid()));

    private static TimeSpan AnsweredAt(TimeSpan arrival)
    {
        var within = TimeSpan.FromTicks(arrival.Ticks % s_every.Ticks);
        return within < s_stall ? arrival - within + s_stall + s_service : arrival + s_service;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
