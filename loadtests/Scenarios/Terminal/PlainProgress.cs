using MeteringGateway.Scenarios.Reports;
using MeteringGateway.Scenarios.Running;

namespace MeteringGateway.Scenarios.Terminal;

/// <summary>A line every few seconds, for an output that is no terminal.</summary>
internal sealed class PlainProgress(TextWriter output) : IProgressView
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    public async Task WatchAsync(string scenario, Func<LoadProgress> look, CancellationToken until)
    {
        using var timer = new PeriodicTimer(s_interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(until))
            {
                await output.WriteLineAsync($"{scenario}: {Line(look())}");
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    public static string Line(LoadProgress progress) => string.Join(", ",
        $"{Figures.Seconds(progress.Elapsed)} of {Figures.Seconds(progress.Length)}",
        $"wanted {Figures.Count(progress.Wanted)}/s, sent {Figures.Count(progress.Sent)}/s, answered {Figures.Count(progress.Ended)}/s",
        $"p50 {Figures.Milliseconds(progress.P50)} ms, p99 {Figures.Milliseconds(progress.P99)} ms",
        $"{Figures.Count(progress.Credits)} credits",
        Figures.Outcomes(progress.Outcomes));
}
