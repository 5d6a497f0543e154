using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Ledger.Verifying;

namespace MeteringGateway.FunctionalTests.Ledger.Verifying;

[Collection(LedgerTestGroup.Name)]
public sealed class LedgerVerifierTests(LedgerPostgres postgres)
{
    [Theory]
    [InlineData("update ledger_entries set balance_after = 91 where entry_id = 'a2'", "broken_chain", 2)]
    [InlineData("update ledger_entries set credits_delta = -9 where entry_id = 'a2'", "broken_chain", 1)]
    [InlineData("update ledger_entries set balance_after = 84 where entry_id = 'a3'", "broken_chain,balance_mismatch", 2)]
    [InlineData("delete from ledger_entries where entry_id = 'a2'", "seq_gap", 10)]
    [InlineData("delete from ledger_entries where entry_id = 'a1'", "seq_gap", 100)]
    [InlineData("delete from ledger_entries where entry_id = 'a3'", "balance_mismatch", 5)]
    [InlineData("delete from ledger_entries where account_id = 1", "entries_missing", 85)]
    [InlineData("update accounts set credit_balance = 1000 where id = 1", "balance_mismatch", 915)]
    [InlineData("update accounts set seq = 9 where id = 1", "seq_mismatch", 0)]
    [InlineData("update ledger_entries set balance_after = 9223372036854775807 where entry_id = 'a2'", "broken_chain", long.MaxValue)]
    [InlineData("update ledger_entries set account_id = 77 where entry_id = 'b1'", "account_missing", 40)]
    public async Task Verify_CorruptedBooks_FindsIt(string corruption, string kinds, long drift)
    {
        await using var bench = await FilledAsync();
        Assert.Equal((true, 2, 4, 0), Sum(await bench.VerifyAsync()));
        await bench.CorruptAsync(corruption);

        var verification = await bench.VerifyAsync();

        Assert.False(verification.Ok);
        Assert.All(kinds.Split(','), kind => Assert.Contains(verification.Problems, p => p.Kind == kind));
        Assert.InRange(verification.DriftCredits, drift, drift == 40 ? 80 : drift);
        Assert.Equal(verification.ProblemsTotal, verification.Problems.Count);
    }

    [Theory]
    [InlineData("update key_spend set spent = spent + 1 where period = 'DAILY'", 1)]
    [InlineData("delete from key_spend", 4)]
    [InlineData("update account_spend set spent = 0", 1)]
    [InlineData(
        "insert into keys (account_id, name, prefix, mode) values (1, 'k', 'p', 'live'); insert into key_spend values (2, 'FIXED', 0, 5)",
        1)]
    public async Task Verify_SpendThatIsNotTheSumOfTheCharges_FindsIt(string corruption, int problems)
    {
        await using var bench = await FilledAsync();
        var key = await bench.AddKeyAsync(1);
        bench.Outbox.Push(
            0, LedgerBench.Entry("c1", 1, -7, 78, key), LedgerBench.Entry("c2", 1, -5, 73, key),
            LedgerBench.Entry("reversal:c1", 1, 7, 80, key));
        await bench.Writer.FlushPartitionAsync(0, 0, default);
        Assert.True((await bench.VerifyAsync()).Ok);
        await bench.CorruptAsync(corruption);

        var verification = await bench.VerifyAsync();

        Assert.Equal((false, problems, 0), (verification.Ok, verification.ProblemsTotal, verification.DriftCredits));
        Assert.All(verification.Problems, problem => Assert.Equal("spend_mismatch", problem.Kind));
    }

    [Fact]
    public async Task Verify_ManyProblems_ListsAHundredAndCountsAll()
    {
        await using var bench = await FilledAsync();
        await bench.ScalarAsync(
            "insert into accounts (email, full_name, kind, credit_balance) select 'e' || i, 'n', 'team', 2 from generate_series(1, 250) i");

        var verification = await bench.VerifyAsync();

        Assert.Equal((100, 250L, 500L), (verification.Problems.Count, verification.ProblemsTotal, verification.DriftCredits));
    }

    [Fact]
    public async Task Verify_RedisStandsStillAtAnotherBalance_IsDrift()
    {
        await using var bench = await FilledAsync(Drifted);
        var verification = await bench.VerifyAsync();

        var problem = Assert.Single(verification.Problems);
        Assert.Equal((1, "redis_drift", 5L), (problem.AccountId, problem.Kind, verification.DriftCredits));
    }

    [Fact]
    public async Task Verify_RedisMovesMeanwhile_IsNoDrift()
    {
        var balance = 1_000L;
        await using var bench = await FilledAsync((_, _) =>
            Task.FromResult(new RedisLook(new Dictionary<long, long> { [1] = balance-- }, [])));
        Assert.True((await bench.VerifyAsync()).Ok);
    }

    /// <summary>A credit and as many charges between two reads: the balance that was read twice is not one that stood still.</summary>
    [Fact]
    public async Task Verify_RedisIsBackWhereItWas_IsNoDrift()
    {
        var reads = new Queue<long>([80, 80, 80]);
        await using var bench = await FilledAsync((_, _) => Task.FromResult(
            new RedisLook(new Dictionary<long, long> { [1] = reads.TryDequeue(out var balance) ? balance : 85 }, [])));
        Assert.True((await bench.VerifyAsync()).Ok);
        Assert.Empty(reads);
    }

    [Fact]
    public async Task Verify_RedisCanNotBeAskedForAnAccount_IsNotOk()
    {
        await using var bench = await FilledAsync((accounts, _) =>
            Task.FromResult(new RedisLook(new Dictionary<long, long> { [1] = 85 }, [.. accounts.Where(account => account == 2)])));
        var verification = await bench.VerifyAsync();

        Assert.Equal((false, 1, 0, 0), (verification.Ok, verification.Unchecked, verification.ProblemsTotal, verification.DriftCredits));
    }

    [Fact]
    public async Task Verify_RedisCanBeAskedOnlyAtTheSecondLook_IsOk()
    {
        var looks = 0;
        await using var bench = await FilledAsync((accounts, _) =>
            Task.FromResult(new RedisLook(new Dictionary<long, long> { [1] = 85 }, ++looks == 1 ? accounts : [])));
        var verification = await bench.VerifyAsync();

        Assert.Equal((true, 0), (verification.Ok, verification.Unchecked));
    }

    [Theory]
    [InlineData(true, 1, 0)]
    [InlineData(false, 0, 1)]
    public async Task Verify_APartitionIsFenced_OnlyItsOwnSuspectsAreLeftOut(bool ownPartition, long leftOut, int problems)
    {
        await using var bench = await FilledAsync(Drifted);
        var partition = bench.Get<PartitionMap>().Of(1);
        var fenced = ownPartition ? partition : (partition + 1) % PartitionSetup.DefaultCount;
        bench.Outbox.Push(fenced, LedgerBench.Entry("waiting", 2, 1, 41));
        await bench.ScalarAsync($"update partitions set epoch = 7 where partition = {fenced}");

        var verification = await bench.VerifyAsync();

        Assert.Equal((false, leftOut, problems), (verification.Ok, verification.Unchecked, verification.ProblemsTotal));
    }

    [Fact]
    public async Task LedgerEntries_UpdateDeleteTruncate_AreRefused()
    {
        await using var bench = await FilledAsync();
        foreach (var sql in new[] { "update ledger_entries set surface = 's'", "delete from ledger_entries", "truncate ledger_entries" })
        {
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => bench.ScalarAsync(sql));
        }
    }

    /// <summary>Account 1 is 5 credits short of the ledger's 85.</summary>
    private static Task<RedisLook> Drifted(IReadOnlyList<long> accounts, CancellationToken cancellationToken) =>
        Task.FromResult(new RedisLook(new Dictionary<long, long> { [1] = 80, [2] = 40 }, []));

    private async Task<LedgerBench> FilledAsync(RedisBalances? redis = null)
    {
        var bench = await LedgerBench.OpenAsync(postgres, redis: redis);
        var (a, b) = (await bench.AddAccountAsync(), await bench.AddAccountAsync());
        bench.Outbox.Push(
            0, LedgerBench.Entry("a1", a, 100, 100), LedgerBench.Entry("a2", a, -10, 90), LedgerBench.Entry("b1", b, 40, 40),
            LedgerBench.Entry("a3", a, -5, 85));
        await bench.Writer.FlushPartitionAsync(0, 0, default);
        return bench;
    }

    private static (bool, long, long, long) Sum(LedgerVerification v) => (v.Ok, v.Accounts, v.Entries, v.DriftCredits);
}
