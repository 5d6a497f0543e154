using System.Collections.Concurrent;
using System.Diagnostics;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Targets;

namespace MeteringGateway.Scenarios.Running;

/// <summary>
/// Runs a scenario's phases. In an open phase each run begins at its time whatever became of those before, and its latency counts from that
/// time: a server that stands still shows in all the runs of that while, not in one. One owner; runs once.
/// </summary>
/// <param name="mostOpen">Runs under way at once; one more waits, and its wait counts as its latency.</param>
/// <param name="mostRuns">After so many no more are begun.</param>
internal sealed class LoadDriver(
    Scenario scenario, Dose dose, KeyPool keys, GatewayCalls calls, int seed, int mostOpen, long mostRuns)
    : IDisposable
{
    /// <summary>Within it a stop by hand is noticed.</summary>
    private static readonly long s_nap = Stopwatch.Frequency / 10;

    /// <summary>How long the last answers may take; a call without one is lost then.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly long _start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 20);
    private readonly SemaphoreSlim _open = new(mostOpen, mostOpen);
    private readonly CancellationTokenSource _giveUp = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly IReadOnlyList<LoadSimulation> _phases = scenario.Load(dose);
    private Recorder? _recorder;
    private long _numbers;

    public Recorder Recorder => _recorder ??= new Recorder(_phases, scenario.Steps, _start);

    /// <returns>How long the load was: less than planned where it was stopped, or where its bound of runs was reached.</returns>
    public async Task<TimeSpan> RunAsync(CancellationToken stop)
    {
        var recorder = Recorder;
        var stopped = await Task.Factory.StartNew(
            () => Dispatch(recorder, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(_running.Keys).WaitAsync(s_patience, TimeProvider.System, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _giveUp.CancelAsync();
        await Task.WhenAll(_running.Keys);
        return stopped;
    }

    public void Dispose()
    {
        _open.Dispose();
        _giveUp.Dispose();
    }

    private TimeSpan Dispatch(Recorder recorder, CancellationToken stop)
    {
        PreciseClock.TakeSlack();
        foreach (var (simulation, before, begin) in Arrivals.Phases(_phases))
        {
            var goesOn = simulation is KeepConstant closed
                ? Keep(closed, begin, recorder, stop)
                : Inject(simulation, before, begin, recorder, stop);
            if (!goesOn || !SleepUntil(begin + simulation.During, stop))
            {
                return Stopwatch.GetElapsedTime(_start);
            }
        }

        return Arrivals.Length(_phases);
    }

    private bool Inject(LoadSimulation simulation, double before, TimeSpan begin, Recorder recorder, CancellationToken stop)
    {
        foreach (var due in Arrivals.Due(simulation, before))
        {
            if (!SleepUntil(begin + due, stop) || _numbers >= mostRuns)
            {
                return false;
            }

            var (number, at) = (_numbers++, At(begin + due));
            Keep(Task.Run(() => RunAsync(number, at, recorder), CancellationToken.None));
        }

        return true;
    }

    private bool Keep(KeepConstant simulation, TimeSpan begin, Recorder recorder, CancellationToken stop)
    {
        if (!SleepUntil(begin, stop))
        {
            return false;
        }

        var end = At(begin + simulation.During);
        for (var copy = 0; copy < simulation.Copies; copy++)
        {
            Keep(Task.Run(async () =>
            {
                while (Stopwatch.GetTimestamp() < end && !stop.IsCancellationRequested
                    && Interlocked.Increment(ref _numbers) - 1 is var number && number < mostRuns)
                {
                    await RunAsync(number, Stopwatch.GetTimestamp(), recorder);
                }
            }, CancellationToken.None));
        }

        return true;
    }

    private async Task RunAsync(long number, long due, Recorder recorder)
    {
        try
        {
            await _open.WaitAsync(_giveUp.Token);
        }
        catch (OperationCanceledException)
        {
            recorder.NotSent(due);
            return;
        }

        try
        {
            recorder.Begun(Stopwatch.GetTimestamp());
            var context = new StepContext(number, seed, _session, dose, keys, calls, _giveUp.Token);
            for (var step = 0; step < scenario.Steps.Count; step++)
            {
                var response = await scenario.Steps[step].Run(context);
                var now = Stopwatch.GetTimestamp();
                recorder.Answered(step, due, now, response);
                due = now;
            }

            recorder.Ended(Stopwatch.GetTimestamp());
        }
        finally
        {
            _open.Release();
        }
    }

    private void Keep(Task run)
    {
        _running[run] = 0;
        _ = run.ContinueWith(ended => _running.TryRemove(ended, out _), TaskContinuationOptions.OnlyOnRanToCompletion);
    }

    private long At(TimeSpan time) => _start + (long)(time.TotalSeconds * Stopwatch.Frequency);

    /// <returns>False where it was stopped.</returns>
    private bool SleepUntil(TimeSpan time, CancellationToken stop)
    {
        var until = At(time);
        while (Stopwatch.GetTimestamp() is var now && now < until)
        {
            if (stop.IsCancellationRequested)
            {
                return false;
            }

            PreciseClock.SleepUntil(Math.Min(until, now + s_nap));
        }

        return !stop.IsCancellationRequested;
    }
}
