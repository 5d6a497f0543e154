using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using Npgsql;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>
/// A gateway that is frozen in a flush while Redis loses its files and another gateway recovers. When it thaws, the flush goes on
/// where it was: it may neither write what Redis no longer has, nor trim what came since.
/// </summary>
public sealed class ZombieFlusherTests(FaultWorld world, ITestOutputHelper output) : IClassFixture<FaultWorld>
{
    /// <summary>Past it PostgreSQL ends the session of a flush that stands still: see lock-partition.sql.</summary>
    private static readonly TimeSpan s_idleFlush = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Frozen_BeforeItsCommit_WritesNothingThatTheRecoveryHasNotSeen(bool thawsFirst)
    {
        var victim = await world.StartGatewayAsync(
            "flush-before-commit:sleep:500@10", false,
            ("ConnectionStrings__Postgres", world.Stores.PostgresConnection + ";Application Name=victim"));
        var other = await world.StartGatewayAsync();
        await using var run = await world.OpenAsync(
            $"a flusher frozen before its commit, over a recovery{(thawsFirst ? " that waits for it" : "")}", other, victim);
        await Eventually.TrueAsync(() => FrozenInAFlushAsync(victim), () => "the victim never stood in a flush");
        run.Gateways = [other];
        await LoseFilesAsync(run);
        var back = TimeProvider.System.GetTimestamp();
        if (thawsFirst)
        {
            await Wait.ForAsync(s_idleFlush / 3);
            victim.Resume();
        }

        // Its transaction keeps the partition's row, without which no epoch is raised.
        foreach (var key in run.Keys.DistinctBy(key => key.Account))
        {
            await Eventually.TrueAsync(
                async () => (await run.Load.CallAsync(other.Address, key)) is { Status: 200 or 402 }, () => "no service",
                s_idleFlush + TimeSpan.FromSeconds(7));
        }

        output.WriteLine($"service {TimeProvider.System.GetElapsedTime(back).TotalSeconds:0.00} s after the return");
        await CallAsync(run, other, 40);
        victim.Resume();
        run.Gateways = [other, victim];
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Frozen_BeforeItsTrim_TrimsNothingThatCameSince()
    {
        var victim = await world.StartGatewayAsync("flush-before-trim:sleep:9000@10");
        await using var run = await world.OpenAsync("a flusher frozen between its commit and its trim, over a recovery", victim);
        var partition = new PartitionMap(FaultWorld.Partitions).Of(run.RichAccount);
        await Eventually.TrueAsync(() => IsWrittenAsync(partition), () => "the victim never stood before a trim");
        victim.Pause();
        run.Gateways = [];
        await LoseFilesAsync(run);

        // Flushes seldom, so that there is something to trim when the victim thaws; which it does with seconds of its sleep left,
        // enough to connect again.
        var other = await world.StartGatewayAsync(null, false, ("Ledger__FlushInterval", "00:00:02"));
        await CallAsync(run, other, 40);
        victim.Resume();
        await CallAsync(run, other, 40, TimeSpan.FromSeconds(7));
        run.Gateways = [other, victim];
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }

    /// <summary>Clients of their own: those of the case may wait for the frozen gateway.</summary>
    private static async Task CallAsync(FaultCase run, GatewayProcess gateway, int count, TimeSpan atLeast = default)
    {
        await using var load = Workload.Start(run.Keys, () => [gateway.Address]);
        await Wait.ForAsync(atLeast);
        await load.AwaitMoreAsync(count);
        run.Load.Note(await load.StopAsync());
    }

    private async Task LoseFilesAsync(FaultCase run)
    {
        await run.LoseAsync(world.Redis.KillAsync);
        Directory.Delete(Path.Combine(world.Redis.DataDirectory, "appendonlydir"), recursive: true);
        await world.Redis.RestartAsync(CancellationToken.None);
    }

    /// <summary>Freezes it, and lets it go again if that was not in the middle of a flush.</summary>
    private async Task<bool> FrozenInAFlushAsync(GatewayProcess victim)
    {
        victim.Pause();
        var isInAFlush = await CountAsync(
            """
            select count(*) from pg_stat_activity a join pg_locks l using (pid)
            where a.application_name = 'victim' and a.state = 'idle in transaction' and l.locktype = 'advisory' and l.classid = 28008
            """) > 0;
        if (!isInAFlush)
        {
            victim.Resume();
        }

        return isInAFlush;
    }

    /// <summary>Is the oldest entry that waits in the ledger already?</summary>
    private async Task<bool> IsWrittenAsync(int partition)
    {
        var head = await RedisText.AskAsync(world.Redis, $"LINDEX {PartitionMap.Outbox(partition)} 0");
        return await CountAsync(
            "select count(*) from ledger_entries where position(entry_id in @head) > 0", new NpgsqlParameter("head", head)) > 0;
    }

    private async Task<long> CountAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var source = NpgsqlDataSource.Create(world.Stores.PostgresConnection + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
