using System.Diagnostics;
using System.Globalization;
using MeteringGateway.Compare.Measuring;
using MeteringGateway.Compare.Rounds;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Stack;
using MeteringGateway.Load.Streams;

namespace MeteringGateway.Compare.Streams;

/// <summary>
/// How quick streams are, what they take, and that they are charged to the credit: first bytes, then memory, which is warm by then, then
/// many at once.
/// </summary>
internal sealed class StreamsRun(
    CompareOptions options, Workspace workspace, LedgerCheck check, Findings findings, Action<string> say)
{
    private const string Priced = "chat";
    private const string Flat = "files";
    private const int Together = 16;
    private const int WarmUpStreams = 2000;
    private const long LargeBytes = 100_000_000;

    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(4);

    private readonly StreamsResults _results = new();
    private readonly StreamBill _bill = new();

    public async Task<StreamsResults> RunAsync(CancellationToken cancellation)
    {
        await using var provider = await DotnetServer.StartAsync(
            workspace, "streams", Programs.BareProxy, url => ["streams", url.AbsoluteUri], "", Comparison.NoVariables, cancellation);
        var usage = new { Usage = "usage.total_tokens", CreditsPerThousand = 1000, MaxCredits = 1000 };
        await using var stack = await GatewayStack.StartAsync(
            workspace, [new(Priced, provider.Address) { Price = usage }, new(Flat, provider.Address)], cancellation);
        var gateway = await stack.StartGatewayAsync(cancellation);
        await stack.MakeAccountsAsync(options.AtOnce, cancellation);
        var entries = await stack.Ledger.EntriesAsync(cancellation);
        using var client = new StreamClient(GatewayStack.Query(gateway), _bill);
        using var direct = new StreamClient(provider.Address, new StreamBill());
        var (others, start) = (ProcessTree.Others(), Stopwatch.GetTimestamp());

        say("Warming up …");
        await FirstBytesAsync("of the warm-up", client, WarmUpStreams, Together, cancellation);
        await FirstBytesAsync("of the warm-up without the gateway", direct, WarmUpStreams, Together, cancellation);
        await LargeAsync(client, TimeSpan.Zero, gateway, cancellation);
        _results.Memory.Clear();
        foreach (var atOnce in (int[])[1, Together])
        {
            _results.FirstBytes.Add(await FirstBytesAsync("without the gateway", direct, options.Streams, atOnce, cancellation));
            _results.FirstBytes.Add(await FirstBytesAsync("through the gateway", client, options.Streams, atOnce, cancellation));
        }

        await LargeAsync(client, TimeSpan.Zero, gateway, cancellation);
        await LargeAsync(client, s_slow, gateway, cancellation);
        await LongAsync(client, gateway, cancellation);
        _results.AtOnce = await new AtOncePart(options.AtOnce, stack, client, findings).RunAsync(Priced, cancellation);
        _results.Others = ProcessTree.Share(ProcessTree.Others() - others, Stopwatch.GetElapsedTime(start));
        await CheckAsync(stack, entries, cancellation);
        return _results;
    }

    private async Task<FirstBytes> FirstBytesAsync(
        string what, StreamClient client, int streams, int atOnce, CancellationToken cancellation)
    {
        var seen = new SeenStream[streams];
        await Parallel.ForAsync(
            0, streams, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation },
            async (number, token) => seen[number] = await client.RunAsync(
                new StreamOrder(Priced, StreamOrder.Events, Tokens: 1 + (number % 7)) { Count = 5 },
                1 + (number % options.AtOnce), TimeSpan.Zero, token));
        Judge(what, seen);
        var first = new FirstBytes(what, atOnce, [.. seen.Select(one => one.FirstByte).OfType<TimeSpan>()]);
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"First bytes {what}, {atOnce} at once: p50 {first.Milliseconds(0.5):F2} ms, p99 {first.Milliseconds(0.99):F2} ms"));
        return first;
    }

    private async Task LargeAsync(StreamClient client, TimeSpan pause, DotnetServer gateway, CancellationToken cancellation)
    {
        var reader = pause > TimeSpan.Zero ? ", a slow client" : "";
        var json = new StreamOrder(Priced, StreamOrder.Json, Tokens: 21) { Bytes = LargeBytes };
        var opaque = new StreamOrder(Flat, StreamOrder.Opaque) { Bytes = LargeBytes };
        await MemoryAsync("100 MB of JSON in its envelope" + reader, client, json, pause, gateway, cancellation);
        await MemoryAsync("100 MB of bytes" + reader, client, opaque, pause, gateway, cancellation);
    }

    /// <summary>A hundred times a second ten events, without a pause for the clock in between.</summary>
    private Task LongAsync(StreamClient client, DotnetServer gateway, CancellationToken cancellation)
    {
        const int PauseMilliseconds = 10;
        const int EachTime = 10;
        var order = new StreamOrder(Priced, StreamOrder.Events, Tokens: 99)
        {
            Count = (int)(options.Length.TotalMilliseconds / PauseMilliseconds) * EachTime,
            Together = EachTime,
            PauseMilliseconds = PauseMilliseconds,
        };
        return MemoryAsync("one long stream of events", client, order, TimeSpan.Zero, gateway, cancellation);
    }

    private async Task MemoryAsync(
        string what, StreamClient client, StreamOrder order, TimeSpan pause, DotnetServer gateway, CancellationToken cancellation)
    {
        await using var watch = MemoryWatch.Begin(gateway.Pid);
        var start = Stopwatch.GetTimestamp();
        var seen = await client.RunAsync(order, 1, pause, cancellation);
        var rise = new MemoryRise(what, watch.Before, watch.Peak, seen.Bytes, seen.Events, Stopwatch.GetElapsedTime(start));
        Judge(what, [seen]);
        _results.Memory.Add(rise);
        say(string.Create(CultureInfo.InvariantCulture, $"{what}: {rise.MegaBytes:F1} MB more, in {rise.Duration.TotalSeconds:F1} s"));
    }

    private void Judge(string what, SeenStream[] seen)
    {
        foreach (var wrong in seen.Where(one => one.Wrong is not null).GroupBy(one => one.Wrong))
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {wrong.Count()} of {seen.Length}: {wrong.Key}"));
        }
    }

    private async Task CheckAsync(GatewayStack stack, long entriesBefore, CancellationToken cancellation)
    {
        const string What = "streams";
        await check.SettleAsync(What, stack.Ledger, cancellation);
        check.Compare(What, _bill.Answers, await stack.Ledger.EntriesAsync(cancellation) - entriesBefore, 0);
        foreach (var difference in _bill.Differences(await stack.Ledger.SpentAsync(cancellation)))
        {
            findings.Add($"{What}: {difference}");
        }

        await check.WholeAsync(What, stack.Gateways[0].Address, cancellation);
    }
}
