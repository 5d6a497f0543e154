using System.Globalization;
using MeteringGateway.Testing;

namespace MeteringGateway.FaultTests;

/// <summary>
/// Faults drawn from a seed, one after the other and some at once, against three gateways; then everything is made whole and the ledger is
/// checked. The draw is the seed's; when exactly each fault meets which call is not, so a seed that failed is run several times.
/// </summary>
internal sealed class RandomFaults(FaultWorld world, int seed, TextWriter log)
{
    private static readonly string[] s_points =
    [
        "after-reserve", "during-forward", "after-answer", "after-commit", "flush-before-commit", "flush-after-commit",
        "flush-before-trim", "recovery-fenced",
        "reserve-sent", "commit-sent", "release-sent", "before-release", "mid-answer",
    ];
    private readonly Random _random = new(seed);
    private readonly List<GatewayProcess> _gateways = [];

    /// <summary>One round: new accounts, faults for that long, and the check.</summary>
    public async Task<BooksReport> RunAsync(int round, TimeSpan length, bool mayForget = false)
    {
        for (var i = 0; i < 3; i++)
        {
            _gateways.Add(await StartAsync(throughProxies: i > 0));
        }

        await using var run = await world.OpenAsync(
            string.Create(CultureInfo.InvariantCulture, $"random, seed {seed}, round {round}"), [.. _gateways]);
        run.MayBeUncollected = true;
        var started = TimeProvider.System.GetTimestamp();
        var credits = 0;
        while (TimeProvider.System.GetElapsedTime(started) < length)
        {
            await StrikeAsync(run, mayForget);
            await CreditAsync(run, $"{seed}-{round}-{++credits}-{Guid.NewGuid():N}");
            await Wait.ForAsync(Between(100, 1_500));
        }

        await HealAsync(run);
        var report = await run.CheckAsync();
        await log.WriteLineAsync(report.Row);
        foreach (var problem in report.Problems)
        {
            await log.WriteLineAsync("  " + problem);
        }

        if (report.Problems.Count > 0)
        {
            await KeepAsync(round);
        }

        _gateways.Clear();
        return report;
    }

    private async Task StrikeAsync(FaultCase run, bool mayForget)
    {
        // The last kind takes what was not flushed: only where that may be.
        var fault = _random.Next(mayForget ? 16 : 15);
        var gateway = _random.Next(_gateways.Count);
        var span = Between(200, 3_500);
        await log.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"  {TimeProvider.System.GetUtcNow():HH:mm:ss.fff} fault {fault} gateway {gateway} for {span.TotalMilliseconds:0} ms"));
        switch (fault)
        {
            case 0 or 1:
                await _gateways[gateway].Kill9Async();
                await ReplaceAsync(run, gateway, null);
                break;
            case 2:
                await ReplaceAsync(run, gateway, $"{s_points[_random.Next(s_points.Length)]}:kill@{_random.Next(3, 60)}");
                break;
            case 3:
                _gateways[gateway].Pause();
                await Wait.ForAsync(span * 2);
                _gateways[gateway].Resume();
                break;
            case 4:
                if (mayForget)
                {
                    await run.LoseAsync(world.Redis.KillAsync);
                    CutAppendOnlyFile();
                    run.FileWasCut = true;
                }
                else
                {
                    await world.Redis.KillAsync();
                }

                await world.Redis.RestartAsync(CancellationToken.None);
                break;
            case 5:
                world.Redis.Pause();
                await Wait.ForAsync(span);
                world.Redis.Resume();
                break;
            case 6 or 7:
                var modes = new[] { ProxyMode.BlackHole, ProxyMode.DropReplies, ProxyMode.CutOnReply, ProxyMode.Refuse };
                world.RedisProxy.Set(modes[_random.Next(modes.Length)]);
                await Wait.ForAsync(span);
                world.RedisProxy.Set(ProxyMode.Pass);
                break;
            case 8:
                world.RedisProxy.CutAfter(_random.Next(2_000));
                world.PostgresProxy.CutAfter(_random.Next(2_000));
                break;
            case 9:
                await world.Postgres.KillAsync();
                await Wait.ForAsync(span / 2);
                await world.Postgres.RestartAsync(CancellationToken.None);
                break;
            case 10:
                world.PostgresProxy.Set(_random.Next(2) == 0 ? ProxyMode.BlackHole : ProxyMode.CutOnReply);
                await Wait.ForAsync(span);
                world.PostgresProxy.Set(ProxyMode.Pass);
                break;
            case 11:
                await _gateways[gateway].StopAsync();
                await ReplaceAsync(run, gateway, null);
                break;
            case 12:
                var delay = FakeReply.Json("""{"answer":42}""") with { Delay = TimeSpan.FromMilliseconds(_random.Next(900)) };
                world.Alpha.Script = _ => delay;
                break;
            case 14:
                await using (var leaving = LeavingClients.Start(run.Keys, () => run.Addresses, seed: _random.Next()))
                {
                    await Wait.ForAsync(span);
                    run.Load.Note(await leaving.StopAsync());
                }

                break;
            case 15:
                await run.LoseAsync(() => RedisText.AskAsync(world.Redis, "FLUSHALL"));
                break;
            default:
                world.RedisProxy.Delay = TimeSpan.FromMilliseconds(_random.Next(80));
                world.PostgresProxy.Delay = TimeSpan.FromMilliseconds(_random.Next(40));
                break;
        }
    }

    /// <summary>Money in beside the calls: sent until somebody says that it is done, always with the same reference.</summary>
    private async Task CreditAsync(FaultCase run, string reference)
    {
        var amount = _random.Next(1, 50);
        run.NoteCredit(run.RichAccount, amount);
        await Eventually.TrueAsync(
            async () =>
            {
                if (_gateways.FirstOrDefault(gateway => !gateway.Exited.IsCompleted) is not { } alive)
                {
                    return false;
                }

                using var client = new GatewayClient(alive.Address);
                client.Http.Timeout = TimeSpan.FromSeconds(10);
                try
                {
                    var body = new { account_id = run.RichAccount, amount, type = "support", description = "random", reference };
                    return (await client.AdminAsync(HttpMethod.Post, "admin/credits/manual", body)).Status
                        is System.Net.HttpStatusCode.OK or System.Net.HttpStatusCode.Created or System.Net.HttpStatusCode.Accepted;
                }
                catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
                {
                    return false;
                }
            },
            () => "money in was never taken", TimeSpan.FromSeconds(60));
    }

    private async Task HealAsync(FaultCase run)
    {
        (world.RedisProxy.Delay, world.PostgresProxy.Delay) = (TimeSpan.Zero, TimeSpan.Zero);
        world.RedisProxy.CutAfter(long.MaxValue);
        world.PostgresProxy.CutAfter(long.MaxValue);
        for (var i = 0; i < _gateways.Count; i++)
        {
            if (_gateways[i].Exited.IsCompleted)
            {
                await ReplaceAsync(run, i, null);
            }
        }

        await run.Load.AwaitMoreAsync(10);
    }

    private async Task ReplaceAsync(FaultCase run, int index, string? fault)
    {
        if (fault is not null)
        {
            await _gateways[index].Kill9Async();
        }

        // A gateway that is to die in a recovery may do so at its start.
        try
        {
            _gateways[index] = await StartAsync(throughProxies: index > 0, fault);
        }
        catch (InvalidOperationException) when (fault is not null)
        {
            _gateways[index] = await StartAsync(throughProxies: index > 0);
        }

        run.Gateways = [.. _gateways];
    }

    private Task<GatewayProcess> StartAsync(bool throughProxies, string? fault = null) => world.StartGatewayAsync(fault, throughProxies);

    private void CutAppendOnlyFile()
    {
        var file = Directory.GetFiles(Path.Combine(world.Redis.DataDirectory, "appendonlydir"), "*.incr.aof")
            .Order(StringComparer.Ordinal).Last();
        using var stream = File.OpenWrite(file);
        stream.SetLength(Math.Max(0, stream.Length - _random.Next(30_000)));
    }

    /// <summary>The logs of a round that failed: with the seed, all there is to look for the reason.</summary>
    private async Task KeepAsync(int round)
    {
        foreach (var (gateway, index) in _gateways.Select((gateway, index) => (gateway, index)))
        {
            var file = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"fault-{seed}-{round}-{index}.log"));
            await File.WriteAllTextAsync(file, gateway.Log);
            await log.WriteLineAsync($"  log of gateway {index}: {file}");
        }
    }

    private TimeSpan Between(int least, int most) => TimeSpan.FromMilliseconds(_random.Next(least, most));
}
