using System.Diagnostics;
using System.Globalization;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Report;

namespace MeteringGateway.Compare.Growth;

/// <summary>
/// One account, a thousand, many, all: in rounds whose order turns, once they are loaded. Loading them is bounded in time, and a load over
/// accounts that are not all loaded says so.
/// </summary>
internal static class WarmPart
{
    private const int Thousand = 1000;
    private const int ManyAccounts = 100_000;
    private static readonly TimeSpan Chunk = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(GrowthBench bench, CancellationToken cancellation)
    {
        await bench.WarmUpAsync(bench.Target(Thousand), cancellation);
        var loaded = await LoadAsync(bench, cancellation);
        var loads = new List<(string What, int Accounts)> { (GrowthResults.Hot, 1), (GrowthResults.Thousand, Thousand) };
        if (bench.Options.Accounts > ManyAccounts)
        {
            loads.Add((string.Create(CultureInfo.InvariantCulture, $"{ManyAccounts:N0} accounts, warm"), ManyAccounts));
        }

        loads.Add((GrowthResults.AllWarm, bench.Options.Accounts));
        foreach (var (what, accounts) in loads.Where(load => loaded < load.Accounts))
        {
            bench.Results.Notes[what] = $"{Markdown.Percent(Statistics.Ratio(loaded, accounts))} of them loaded before";
        }

        for (var round = 1; round <= bench.Options.Rounds; round++)
        {
            foreach (var (what, accounts) in round % 2 == 1 ? loads : Enumerable.Reverse(loads))
            {
                await bench.MeasureAsync(what, bench.Target(accounts), bench.Options.Duration, cancellation);
            }
        }
    }

    /// <summary>One call of each account in turn; how many accounts that were.</summary>
    private static async Task<long> LoadAsync(GrowthBench bench, CancellationToken cancellation)
    {
        var (loaded, start, calling) = (0L, Stopwatch.GetTimestamp(), TimeSpan.Zero);
        var before = Memory(bench);
        while (loaded < bench.Options.Accounts && Stopwatch.GetElapsedTime(start) < bench.Options.Warming)
        {
            var next = bench.Target(bench.Options.Accounts - (int)loaded) with { First = (int)loaded, EachInTurn = true };
            var load = (await bench.MeasureAsync(next, Chunk, cancellation)).Load;
            (loaded, calling) = (loaded + load.Succeeded, calling + load.Duration);
            bench.Say($"Loaded {Math.Min(loaded, bench.Options.Accounts)} of {bench.Options.Accounts} accounts.");
        }

        loaded = Math.Min(loaded, bench.Options.Accounts);
        if (bench.Options.Accounts <= Thousand)
        {
            // These were loaded by the calls before: nothing is left to say of loading.
            return loaded;
        }

        bench.Results.Add("loading accounts, a call of each in turn", Markdown.Number(loaded / calling.TotalSeconds, 0) + " a second");
        bench.Results.Add(
            $"Redis for each account with its key, of {Markdown.Number(loaded, 0)} loaded",
            Markdown.Number(Statistics.Ratio(Memory(bench) - before, loaded), 0) + " bytes");
        return loaded;
    }

    public static long Memory(GrowthBench bench)
    {
        using var redis = new RedisProbe(bench.Stack.Redis.Port);
        return redis.Info().UsedMemory;
    }
}
