using System.Globalization;
using System.Text.RegularExpressions;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>One fault: clients call while it is at work, and the ledger is checked when it is over.</summary>
public sealed partial class FaultCase : IAsyncDisposable
{
    private static readonly Lock s_table = new();
    private readonly FaultWorld _world;
    private readonly string _fault;
    private readonly Dictionary<long, long> _credited;
    private readonly StoreSampler _sampler;
    private readonly Losses _losses;

    internal FaultCase(
        FaultWorld world, string fault, IReadOnlyList<WorkloadKey> keys, Dictionary<long, long> credited, StoreSampler sampler,
        IReadOnlyList<GatewayProcess> gateways)
    {
        (_world, _fault, Keys, _credited, _sampler, _losses) = (world, fault, keys, credited, sampler, new Losses());
        Gateways = [.. gateways];
        Load = Workload.Start(keys, () => Addresses, seed: fault.Length);
    }

    public IReadOnlyList<WorkloadKey> Keys { get; }

    /// <summary>Who gets calls; may change at any time, as a whole.</summary>
    public IReadOnlyList<GatewayProcess> Gateways { get; set; }

    /// <summary>Of those that are alive.</summary>
    public IReadOnlyList<Uri> Addresses => [.. Gateways.Where(gateway => !gateway.Exited.IsCompleted).Select(gateway => gateway.Address)];
    public Workload Load { get; }
    public long RichAccount => Keys[0].Account;
    public TimeSpan LongestOverdue => _sampler.LongestOverdue;

    /// <summary>Did the machine itself keep Redis from answering, whatever the fault? Then a refusal is no finding.</summary>
    public bool StoodStill => _sampler.LongestGap > TimeSpan.FromMilliseconds(400);

    /// <summary>Redis loses what it has: what waits to be written to the ledger may be forgotten, and nothing else.</summary>
    /// <param name="loss">At its end the data are gone, or nobody can reach them.</param>
    /// <param name="of">Whose; the one that serves unless another is named.</param>
    internal Task LoseAsync(Func<Task> loss, RedisServer? of = null) =>
        _losses.DuringAsync(of?.ConnectionString ?? _world.Stores.RedisConnection, loss);

    /// <summary>
    /// Redis's own file was cut off in its middle. Where that fell into a transaction, Redis leaves it open in the file and ends
    /// it with the next one when it is started once more: a charge that it had forgotten comes back then. It is booked, once,
    /// and the balances that Redis saw meanwhile differ: healed, and no finding. That Redis and the ledger differ at rest would be one.
    /// </summary>
    public bool FileWasCut { get; set; }

    /// <summary>A hold may expire under a call that is answered all the same: the one way to an answer that costs nothing.</summary>
    public bool MayBeUncollected { get; set; }

    /// <summary>Money in that the ledger must show.</summary>
    public void NoteCredit(long account, long credits) => _credited[account] += credits;

    /// <summary>After a failover: that Redis is the one that is watched and checked.</summary>
    internal async Task LookAtAsync(RedisServer redis)
    {
        _world.Stores.Serving = redis;
        await _sampler.LookAtAsync(redis.ConnectionString);
    }

    /// <summary>After a move that lost nothing: what serves now is watched.</summary>
    internal Task LookAtServingAsync() => _sampler.LookAtAsync(_world.Stores.RedisConnection);

    /// <summary>Returns when the call of every client is with a provider, and reserved; they are answered when the result is set.</summary>
    public async Task<TaskCompletionSource> HoldCallsAsync()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = FakeReply.Json("""{"answer":42}""") with { Until = answer.Task };
        var before = _world.Alpha.Count + _world.Beta.Count;
        (_world.Alpha.Script, _world.Beta.Script) = (_ => held, _ => held);
        await Eventually.TrueAsync(
            () => Task.FromResult(_world.Alpha.Count + _world.Beta.Count >= before + Workload.DefaultClients),
            () => "the calls never reached the providers");
        return answer;
    }

    /// <summary>Stops the clients, waits for rest and checks.</summary>
    /// <param name="output">Of the test.</param>
    public async Task<BooksReport> CheckAsync(ITestOutputHelper? output = null)
    {
        var calls = await Load.StopAsync();
        var checker = new BooksChecker(_world.Stores, FaultWorld.Partitions);
        var report = await checker.CheckAsync(
            _fault, calls, _credited, [_world.Alpha, _world.Beta], _sampler, MayBeUncollected, _losses.MayForget);
        var healed = _world.Started.SelectMany(gateway => gateway.Log.Split('\n')).Select(line => Drift().Match(line))
            .Where(match => match.Success).ToList();
        if (FileWasCut)
        {
            output?.WriteLine($"{healed.Count} drifts were healed");
        }
        else if (healed.Count > 0)
        {
            // The product heals a drift; that there was one is a finding all the same.
            var credits = healed.Where(match => match.Groups[1].Success)
                .Sum(match => Math.Abs(long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
            report = report with
            {
                Drift = report.Drift + credits,
                Problems = [.. report.Problems, .. healed.Select(match => "healed: " + match.Value)],
            };
        }

        output?.WriteLine($"{report}\n{string.Join(", ", calls.CountBy(call => $"{call.Status} {call.Code}"))}; "
            + $"{_sampler.Samples} samples, longest overdue hold {_sampler.LongestOverdue.TotalSeconds:0.0} s, longest gap between looks "
            + $"{_sampler.LongestGap.TotalMilliseconds:0} ms, {report.Uncollected} uncollected");
        if (Environment.GetEnvironmentVariable("FAULT_TABLE") is { Length: > 0 } table)
        {
            lock (s_table)
            {
                File.AppendAllText(table, report.Row + "\n");
            }
        }

        return report;
    }

    /// <summary>Fails the test unless every promise was kept.</summary>
    public async Task<BooksReport> ExpectWholeAsync(ITestOutputHelper output)
    {
        var report = await CheckAsync(output);
        var logs = report.Problems.Count == 0
            ? ""
            : string.Join("\n", Gateways.Select(gateway => gateway.Log[^Math.Min(gateway.Log.Length, 6_000)..]));
        Assert.True(report.Problems.Count == 0, $"{report}\n{logs}");
        return report;
    }

    [GeneratedRegex("(?:Redis (?:saw|has) (-?[0-9]+) credits (?:more|less)|held is -?[0-9]+ in Redis and should be).*")]
    private static partial Regex Drift();

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await _sampler.DisposeAsync();
        await _world.EndGatewaysAsync();
    }
}
