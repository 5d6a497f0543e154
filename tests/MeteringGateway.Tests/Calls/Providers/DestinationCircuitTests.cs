using MeteringGateway.Calls.Providers.Health;
using MeteringGateway.Calls.Surfaces;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class DestinationCircuitTests
{
    private readonly HandClock _time = new();
    private readonly ProviderHealthOptions _options = new();
    private readonly DestinationCircuit _circuit;

    public DestinationCircuitTests() => _circuit = new DestinationCircuit(_time) { Address = "http://127.0.0.1:1" };

    [Fact]
    public void Circuit_FiveFailuresInARow_IsOutAndSaysSoOnce()
    {
        Assert.Equal([null, null, null, null, CircuitState.Open, null], Fail(6));
        Assert.Equal((CircuitState.Open, "5 failures in a row, the last timeout"), (_circuit.State, _circuit.Reason));
    }

    [Fact]
    public void Circuit_SuccessBetweenFailures_StartsTheRowAnew()
    {
        Fail(4);
        Good();

        Assert.All(Fail(4), Assert.Null);
        Assert.Equal(CircuitState.Closed, _circuit.State);
    }

    [Fact]
    public void Circuit_HalfOfTwentyWithinHalfAMinute_IsOut()
    {
        for (var call = 0; call < 19; call++)
        {
            _ = call % 2 == 0 ? Good() : Fail(1)[0];
            Assert.Equal(CircuitState.Closed, _circuit.State);
        }

        Assert.Equal([CircuitState.Open], Fail(1));
        Assert.Equal("10 of 20 calls failed, the last timeout", _circuit.Reason);
    }

    [Fact]
    public void Circuit_HalfOfTwentyOverALongerTime_StaysIn()
    {
        for (var call = 0; call < 40; call++)
        {
            _ = call % 2 == 0 ? Good() : Fail(1)[0];
            _time.Tick(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(CircuitState.Closed, _circuit.State);
    }

    [Fact]
    public void Circuit_OutForTenSeconds_IsDueForOneCall()
    {
        Fail(5);
        _time.Tick(TimeSpan.FromSeconds(9.9));
        Assert.Equal((CircuitState.Open, false), (_circuit.State, _circuit.TryProbe()));

        _time.Tick(TimeSpan.FromSeconds(0.2));
        Assert.Equal((CircuitState.Due, true, false), (_circuit.State, _circuit.TryProbe(), _circuit.TryProbe()));
    }

    [Fact]
    public void Circuit_ProbeSucceeds_IsBackAndForgets()
    {
        Fail(5);
        Probe();

        Assert.Equal(CircuitState.Closed, _circuit.Report(_options, Verdict.Good, null, wasProbe: true, "success"));
        Assert.All(Fail(4), Assert.Null);
        Assert.Equal(CircuitState.Closed, _circuit.State);
    }

    [Fact]
    public void Circuit_ProbeFails_IsOutForTenSecondsMore()
    {
        Fail(5);
        Probe();

        Assert.Null(_circuit.Report(_options, Verdict.Bad, null, wasProbe: true, "timeout"));
        Assert.Equal(CircuitState.Open, _circuit.State);
        Probe();
    }

    [Fact]
    public void Circuit_ProbeWhoseClientLeft_IsDueForAnother()
    {
        Fail(5);
        Probe();

        Assert.Null(_circuit.Report(_options, Verdict.None, null, wasProbe: true, "timeout"));
        Assert.True(_circuit.TryProbe());
    }

    [Fact]
    public void Circuit_WhatIsNotTheProviders_CountsForNothing()
    {
        for (var call = 0; call < 100; call++)
        {
            Assert.Null(_circuit.Report(_options, Verdict.None, null, wasProbe: false, "timeout"));
        }

        Assert.Equal(CircuitState.Closed, _circuit.State);
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(3, 3)]
    [InlineData(86400, 300)]
    public void Circuit_ProviderAsksToWait_IsKeptToForFiveMinutesAtMost(int asked, int kept)
    {
        Assert.Equal(CircuitState.Open, _circuit.Report(_options, Verdict.Bad, TimeSpan.FromSeconds(asked), wasProbe: false, "status 429"));
        Assert.Equal("it asked not to be called (status 429)", _circuit.Reason);
        _time.Tick(TimeSpan.FromSeconds(kept - 0.1));
        Assert.Equal(CircuitState.Open, _circuit.State);
        _time.Tick(TimeSpan.FromSeconds(0.2));
        Assert.Equal(CircuitState.Due, _circuit.State);
    }

    [Fact]
    public void Circuit_FailuresWhileItIsOut_PutItsNextTryOffNot()
    {
        _circuit.Report(_options, Verdict.Bad, TimeSpan.FromSeconds(60), wasProbe: false, "status 429");
        _time.Tick(TimeSpan.FromSeconds(59));
        Fail(20);
        Assert.Equal(CircuitState.Open, _circuit.State);
        _time.Tick(TimeSpan.FromSeconds(1.1));
        Assert.Equal(CircuitState.Due, _circuit.State);
    }

    private CircuitState?[] Fail(int times) =>
        [.. Enumerable.Range(0, times).Select(_ => _circuit.Report(_options, Verdict.Bad, null, wasProbe: false, "timeout"))];

    private CircuitState? Good() => _circuit.Report(_options, Verdict.Good, null, wasProbe: false, "success");

    private void Probe()
    {
        _time.Tick(TimeSpan.FromSeconds(10.1));
        Assert.True(_circuit.TryProbe());
    }
}
