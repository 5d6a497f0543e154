using System.Diagnostics;
using System.Globalization;
using MeteringGateway.Compare.Measuring;
using MeteringGateway.Compare.Rounds;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Stack;
using MeteringGateway.Load.Streams;

namespace MeteringGateway.Compare.Streams;

/// <summary>As many streams at once as there are accounts, one of each: they all begin, run for twenty seconds, and end.</summary>
internal sealed class AtOncePart(int streams, GatewayStack stack, StreamClient client, Findings findings)
{
    private const int EventsEach = 40;
    private const int PauseMilliseconds = 500;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    public async Task<AtOnce> RunAsync(string surface, CancellationToken cancellation)
    {
        var gateway = stack.Gateways[0];
        await using var watch = MemoryWatch.Begin(gateway.Pid);
        var (processor, start) = (Processor(gateway), Stopwatch.GetTimestamp());
        var running = Task.WhenAll(Enumerable.Range(1, streams).Select(account => client.RunAsync(
            new StreamOrder(surface, StreamOrder.Events, Tokens: 1 + (account % 97))
            {
                Count = EventsEach,
                PauseMilliseconds = PauseMilliseconds,
            },
            account, TimeSpan.Zero, cancellation)));
        var held = 0L;
        while (!running.IsCompleted)
        {
            held = Math.Max(held, await stack.Ledger.HoldsAsync(cancellation));
            await Task.WhenAny(running, Task.Delay(s_look, TimeProvider.System, cancellation));
        }

        var seen = await running;
        var duration = Stopwatch.GetElapsedTime(start);
        var what = string.Create(CultureInfo.InvariantCulture, $"{streams:N0} streams at once");
        foreach (var wrong in seen.Where(one => one.Wrong is not null).GroupBy(one => one.Wrong))
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {wrong.Count()}: {wrong.Key}"));
        }

        if (held < streams)
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: only {held} were held at one time"));
        }

        var after = Processor(gateway);
        return new AtOnce(
            streams, held, seen.Sum(one => one.Events), duration, watch.Before, watch.Peak,
            (after.Gateway - processor.Gateway, after.Redis - processor.Redis, after.Postgres - processor.Postgres),
            new FirstBytes("through the gateway, begun together", streams, [.. seen.Select(one => one.FirstByte).OfType<TimeSpan>()]));
    }

    private (double Gateway, double Redis, double Postgres) Processor(DotnetServer gateway) =>
        (ProcessTree.Processor(gateway.Pid), ProcessTree.Processor(stack.Redis.Pid), ProcessTree.Processor(stack.Postgres.Pid));
}
