using MeteringGateway.Engine.Recovery;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Engine;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Ledger.Reading;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Ledger;

/// <summary>The session behind a lease: how long it may be silent, and what is left of it in the pool.</summary>
[Collection(LedgerTestGroup.Name)]
public sealed class EpochLeaseTests(LedgerPostgres postgres, ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const int Partition = 3;

    /// <summary>The session that has the recovery lock in this database: when its last statement began.</summary>
    private const string LastWord = """
        select query_start from pg_stat_activity
        where pid in (select pid from pg_locks where locktype = 'advisory' and granted and classid = 1296498690
                        and database = (select oid from pg_database where datname = current_database()))
        """;

    [Fact]
    public async Task Lease_ThatIsOver_LeavesAConnectionThatLasts()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        await using var pool = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(bench.Database.ConnectionString) { MaxPoolSize = 1 });
        await using (await new EpochStore(pool, TimeSpan.FromMilliseconds(200)).AcquireAsync(Partition, default))
        {
        }

        // The server's own clock: it ends a silent session long before it answers this.
        await bench.ScalarAsync("select pg_sleep(1)");

        await using var next = pool.CreateCommand("select 1");
        Assert.Equal(1, await next.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Lease_ThatIsSilent_GoesToAnother()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        await using var silent = await new EpochStore(bench.Database, TimeSpan.FromMilliseconds(200)).AcquireAsync(Partition, default);
        await using var other = await new EpochStore(bench.Database).AcquireAsync(Partition, default);

        Assert.Equal(0, (await other.ReadAsync(default)).Epoch);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => silent.HeartbeatAsync(default));
    }

    [Fact]
    public async Task Recovery_ThatDrains_SaysForEachBatchThatItIsAlive()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres, batchSize: 1);
        var account = await bench.AddAccountAsync();
        bench.Outbox.Push(
            Partition, LedgerBench.Entry("a1", account, 100, 100), LedgerBench.Entry("a2", account, -7, 93),
            LedgerBench.Entry("a3", account, -7, 86));
        var words = new List<object?>();
        bench.Outbox.BeforeTrim = async () => words.Add(await bench.ScalarAsync(LastWord));
        using var partitions = new Partitions(bench.Get<PartitionMap>(), bench.Get<PartitionEpochs>());
        var recovery = new PartitionRecovery(
            redis.Connection, partitions, bench.Get<EpochStore>(), bench.Writer, bench.Get<StateReader>(),
            TimeProvider.System);

        Assert.Equal(PartitionOpening.Begun, await recovery.AdoptOrRecoverAsync(Partition, default));

        Assert.Equal(3, words.Distinct().Count());
        Assert.DoesNotContain(null, words);
    }
}
