using MeteringGateway.Testing;
using Npgsql;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>PostgreSQL away, killed, unwilling and slow: no client notices until the backlog bound.</summary>
public sealed class PostgresFaultTests(FaultWorld world, ITestOutputHelper output) : IClassFixture<FaultWorld>
{
    [Fact]
    public async Task Stop_ForAWhile_IsNoticedByNoClient()
    {
        var away = LongRun.Pick(TimeSpan.FromSeconds(6), TimeSpan.FromMinutes(1));
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync($"PostgreSQL stopped for {away.TotalSeconds:0} s", one, two);
        await KnownEverywhereAsync(run, one, two);
        await world.Postgres.StopAsync();
        await Wait.ForAsync(away);
        await world.Postgres.RestartAsync(CancellationToken.None);
        await run.Load.AwaitMoreAsync(40);
        await run.ExpectWholeAsync(output);
        Assert.DoesNotContain(run.Load.Calls, call => call.Status is not (200 or 402));
    }

    [Fact]
    public async Task Kill_InAFlush_WritesEachEntryOnce()
    {
        var (one, two) = (
            await world.StartGatewayAsync("flush-before-commit:sleep:50"), await world.StartGatewayAsync("flush-after-commit:sleep:50"));
        await using var run = await world.OpenAsync("kill -9 of PostgreSQL in a flush, twice", one, two);
        await KnownEverywhereAsync(run, one, two);
        for (var i = 0; i < 2; i++)
        {
            await run.Load.AwaitMoreAsync(40);
            await world.Postgres.KillAsync();
            await world.Postgres.RestartAsync(CancellationToken.None);
        }

        await run.Load.AwaitMoreAsync(40);
        await run.ExpectWholeAsync(output);
        Assert.DoesNotContain(run.Load.Calls, call => call.Status is not (200 or 402));
    }

    [Fact]
    public async Task Writes_Refused_WaitInTheOutbox()
    {
        var (one, two) = (await world.StartGatewayAsync(), await world.StartGatewayAsync());
        await using var run = await world.OpenAsync("PostgreSQL refuses writes", one, two);
        await KnownEverywhereAsync(run, one, two);
        await SqlAsync("alter system set default_transaction_read_only = on", "select pg_reload_conf()");

        // Calls go on, so it takes no gateway out.
        await one.AwaitReadyzAsync("degraded");
        await run.Load.AwaitMoreAsync(150);
        await SqlAsync(
            "set default_transaction_read_only = off; alter system reset default_transaction_read_only", "select pg_reload_conf()");
        await one.AwaitReadyzAsync("ready");
        await run.Load.AwaitMoreAsync(20);
        await run.ExpectWholeAsync(output);
        Assert.DoesNotContain(run.Load.Calls, call => call.Status is not (200 or 402));
    }

    /// <summary>An orchestrator that gets no answer from the probe would kill a gateway that charges as it should.</summary>
    [Fact]
    public async Task Silent_ReadyzAnswersInTime_Degraded()
    {
        var gateway = await world.StartGatewayAsync(throughProxies: true);
        await ExpectOperatorsOfAnOutageAsync(gateway);
        world.PostgresProxy.Set(ProxyMode.BlackHole);
        var started = TimeProvider.System.GetTimestamp();
        var answer = await gateway.Client.SendAsync(HttpMethod.Get, "readyz", null, null);
        world.PostgresProxy.Set(ProxyMode.Pass);
        Assert.Equal("degraded", answer.Json.GetProperty("status").GetString());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(8));
        await gateway.AwaitReadyzAsync("ready");
    }

    /// <summary>The bootstrap token is in memory; whether a named one still works only PostgreSQL knows.</summary>
    private async Task ExpectOperatorsOfAnOutageAsync(GatewayProcess gateway)
    {
        var token = (await gateway.Client.AdminAsync(HttpMethod.Post, "admin/operators", new { name = "outage", access = "full" }))
            .ExpectSuccess().GetProperty("token").GetString();
        world.PostgresProxy.Set(ProxyMode.CutOnReply);
        var named = await gateway.Client.SendAsync(HttpMethod.Get, "admin/surfaces", token, null);
        var bootstrap = await gateway.Client.AdminAsync(HttpMethod.Get, "admin/surfaces");
        world.PostgresProxy.Set(ProxyMode.Pass);
        Assert.Equal((503, "metering_unavailable"), ((int)named.Status, named.Code));
        Assert.Equal(200, (int)bootstrap.Status);
    }

    [Fact]
    public async Task Slow_AndCutInMidReply_WritesEachEntryOnce()
    {
        var gateway = await world.StartGatewayAsync(throughProxies: true);
        await using var run = await world.OpenAsync("PostgreSQL slow, its replies cut 20 times", gateway);
        await KnownEverywhereAsync(run, gateway);
        world.PostgresProxy.Delay = TimeSpan.FromMilliseconds(30);
        for (var i = 0; i < 20; i++)
        {
            world.PostgresProxy.CutAfter(i * 37);
            await run.Load.AwaitMoreAsync(10);
        }

        world.PostgresProxy.Delay = TimeSpan.Zero;
        await run.Load.AwaitMoreAsync(20);
        await run.ExpectWholeAsync(output);
        Assert.DoesNotContain(run.Load.Calls, call => call.Status is not (200 or 402));
    }

    [Fact]
    public async Task Away_PastTheBacklogBound_RefusesNewChargesUntilItIsBack()
    {
        var gateway = await world.StartGatewayAsync(null, false, ("Ledger__MaxBacklog", "50"));
        await using var run = await world.OpenAsync("PostgreSQL away past the backlog bound of 50", gateway);
        await KnownEverywhereAsync(run, gateway);
        await world.Postgres.StopAsync();
        await Eventually.TrueAsync(() => Task.FromResult(run.Load.Calls.Any(call => call.Code == "backlog_full")), () => "never refused");
        await world.Postgres.RestartAsync(CancellationToken.None);
        await run.Load.AwaitMoreAsync(40);
        await run.ExpectWholeAsync(output);
        Assert.DoesNotContain(run.Load.Calls, call => call.Status is not (200 or 402 or 503));
    }

    /// <summary>Every gateway has seen every key, so that none has to ask PostgreSQL.</summary>
    private static async Task KnownEverywhereAsync(FaultCase run, params GatewayProcess[] gateways)
    {
        foreach (var gateway in gateways)
        {
            foreach (var key in run.Keys.DistinctBy(key => key.Secret))
            {
                await run.Load.CallAsync(gateway.Address, key);
            }
        }
    }

    private async Task SqlAsync(params string[] statements)
    {
        await using var source = NpgsqlDataSource.Create(world.Stores.PostgresConnection + ";Pooling=false");
        foreach (var statement in statements.SelectMany(text => text.Split(';')))
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var writable = new NpgsqlCommand("set default_transaction_read_only = off", connection);
            await writable.ExecuteNonQueryAsync();
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
