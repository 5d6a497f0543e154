using System.Globalization;
using MeteringGateway.Compare.Load;
using MeteringGateway.Compare.Subjects;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Stack;

namespace MeteringGateway.Compare.Rounds;

/// <summary>
/// Subjects side by side, in rounds. A round measures each subject once; the order turns round with each round, and each waits until the
/// one before is at rest, for a flusher or a collector that still works would count against its neighbour.
/// </summary>
internal sealed class Comparison(CompareOptions options, Workspace workspace, LedgerCheck check, Action<string> say)
{
    /// <summary>As many accounts as the nginx peer spreads its calls over.</summary>
    public const int Accounts = 1000;

    /// <summary>.NET compiles what is hot after some tens of thousands of calls.</summary>
    private const int WarmUpRequests = 30_000;

    private static readonly TimeSpan Chunk = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MonitorTime = TimeSpan.FromSeconds(1);
    private const long MonitorLines = 50_000;

    private readonly Wrk _wrk = Wrk.In(workspace);
    private readonly Dictionary<string, List<double>> _capacity = [];

    public async Task<IReadOnlyList<RoundResult>> RunAsync(CancellationToken cancellation)
    {
        await using var provider = await DotnetServer.StartAsync(
            workspace, "provider", Programs.BareProxy, url => ["provider", url.AbsoluteUri], "", NoVariables, cancellation);
        await using var subjects = await SubjectSet.StartAsync(options, workspace, provider, cancellation);
        var measurement = new Measurement(_wrk, check);
        foreach (var subject in subjects.All.DistinctBy(subject => subject.Name))
        {
            await WarmUpAsync(measurement, subject, cancellation);
        }

        var results = new List<RoundResult>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var subject in round % 2 == 1 ? subjects.All : subjects.All.Reverse())
            {
                results.Add(await RoundAsync(measurement, round, subject, cancellation));
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }

            if (subjects.Gateway is { } gateway)
            {
                await check.WholeAsync($"round {round}", gateway.Address, cancellation);
            }
        }

        return results;
    }

    internal static readonly IReadOnlyDictionary<string, string> NoVariables = new Dictionary<string, string>();

    private async Task WarmUpAsync(Measurement measurement, Subject subject, CancellationToken cancellation)
    {
        say($"Warming up {subject.Name} …");
        for (var (chunks, requests) = (0, 0L); requests < WarmUpRequests && chunks < 20; chunks++)
        {
            var window = await measurement.ClosedAsync(subject, Target(subject), options.Connections, Chunk, cancellation);
            requests += window.Load.Requests;
        }
    }

    private async Task<RoundResult> RoundAsync(Measurement measurement, int round, Subject subject, CancellationToken cancellation)
    {
        var target = Target(subject);
        var closed = await measurement.ClosedAsync(subject, target, options.Connections, options.Duration, cancellation);
        var capacity = _capacity.TryGetValue(subject.Title, out var measured) ? measured : _capacity[subject.Title] = [];
        capacity.Add(closed.PerSecond);
        await Task.Delay(Pause, TimeProvider.System, cancellation);
        var half = await measurement.OpenAsync(subject, target, Statistics.Median(capacity) / 2, options.Duration, cancellation);
        var single = await measurement.ClosedAsync(subject, target, 1, options.Duration / 2, cancellation);
        var outside = round == 1 ? await FromOutsideAsync(subject, target, cancellation) : double.NaN;
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"Round {round}, {subject.Title}: {closed.PerSecond:F0}/s, half load p50 {half.P50.TotalMilliseconds:F2} ms, "
                + $"one connection p50 {single.Load.P50.TotalMilliseconds:F2} ms, others on the machine {closed.OthersShare:P0}"));
        return new RoundResult(round, subject.Title, closed, half, single.Load, outside);
    }

    /// <summary>Under a load that is not measured, for Redis tells each command to the one who listens.</summary>
    private async Task<double> FromOutsideAsync(Subject subject, LoadTarget target, CancellationToken cancellation)
    {
        if (subject.RedisPort is not { } port)
        {
            return double.NaN;
        }

        var load = _wrk.RunAsync(target, options.Connections, MonitorTime + TimeSpan.FromSeconds(1), cancellation);
        using var redis = new RedisProbe(port);
        var lines = await Task.Run(() => redis.Monitor(MonitorTime, MonitorLines), cancellation);
        await load;
        return lines.ShareFromOutside;
    }

    private LoadTarget Target(Subject subject) => new(subject.Url, workspace.KeyFile, Accounts);
}
