using MeteringGateway.Scenarios.Reports;
using MeteringGateway.Scenarios.Running;
using Spectre.Console;

namespace MeteringGateway.Scenarios.Terminal;

/// <summary>One table that is drawn again and again, for a person at a terminal.</summary>
internal sealed class LiveProgress(IAnsiConsole console) : IProgressView
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    public Task WatchAsync(string scenario, Func<LoadProgress> look, CancellationToken until) =>
        console.Live(Draw(scenario, look())).AutoClear(true).StartAsync(async live =>
        {
            using var timer = new PeriodicTimer(s_interval, TimeProvider.System);
            try
            {
                while (await timer.WaitForNextTickAsync(until))
                {
                    live.UpdateTarget(Draw(scenario, look()));
                }
            }
            catch (OperationCanceledException)
            {
                // The load is over; its report follows where the table was.
            }
        });

    private static Table Draw(string scenario, LoadProgress progress)
    {
        var title = $"{scenario}  {Figures.Seconds(progress.Elapsed)} of {Figures.Seconds(progress.Length)}";
        var table = new Table().RoundedBorder().Title(title.EscapeMarkup());
        foreach (var head in new[] { "wanted/s", "sent/s", "answered/s", "p50 ms", "p99 ms", "credits" })
        {
            table.AddColumn(new TableColumn(head).RightAligned());
        }

        table.AddColumn("outcomes");
        return table.AddRow(
            Figures.Count(progress.Wanted), Figures.Count(progress.Sent), Figures.Count(progress.Ended),
            Figures.Milliseconds(progress.P50), Figures.Milliseconds(progress.P99), Figures.Count(progress.Credits),
            Figures.Outcomes(progress.Outcomes).EscapeMarkup());
    }
}
