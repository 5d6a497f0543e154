using System.Security.Cryptography;

namespace MeteringGateway.FunctionalTests.Ledger;

[Collection(LedgerTestGroup.Name)]
public sealed class PoisonTests(LedgerPostgres postgres)
{
    public static TheoryData<string> Flawed => new()
    {
        "no entry",
        "1|0|1||5|5||||{\"id\":\"x\"}",
        "1|0|1||5|5||||{\"id\":\"x\",\"type\":\"t\"",
        "1|0|1||99999999999999999999|5||||{\"id\":\"x\",\"type\":\"t\"}",
        "99999999999999999|0|1||5|5||||{\"id\":\"x\",\"type\":\"t\"}",
        "raw nul \0 inside",
        LedgerBench.Entry("nul\0id", 1, 5, 5),
        "1|0|1||5|5||||{\"id\":\"half \\ud800 pair\",\"type\":\"t\"}",
        LedgerBench.Entry("unknown-account", 999_999, 5, 5),
        LedgerBench.Entry("too-much", 1, 1_000_000_000_000_001, 5),
        LedgerBench.Entry("nul-in-json", 1, 5, 5, metadata: "{\"a\":\"\\u0000\"}"),
        LedgerBench.Entry("half-pair-in-json", 1, 5, 5, metadata: "{\"a\":\"\\ud800\"}"),
        LedgerBench.Entry("number-in-json", 1, 5, 5, metadata: "{\"a\":1e999999}"),
        LedgerBench.Entry(Incompressible(500), 1, 5, 5),
        LedgerBench.Entry("good-1", 1, -4, 5),
    };

    [Theory]
    [MemberData(nameof(Flawed))]
    public async Task FlushPartition_OneFlawedEntryAmongGoodOnes_SetsOnlyThatAside(string flawed)
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var good = Enumerable.Range(1, 20).Select(i => LedgerBench.Entry($"good-{i}", account, i, i * (i + 1) / 2)).ToList();
        bench.Outbox.Push(0, [.. good[..13], flawed, .. good[13..]]);

        var result = await bench.Writer.FlushPartitionAsync(0, 0, default);

        Assert.Equal((21, 20, 1), (result.Read, result.Written, result.Poisoned));
        Assert.Equal(1L, await bench.ScalarAsync("select count(*) from poison_entries where reason <> ''"));
        Assert.Equal(0, bench.Outbox.Count(0));
        Assert.Equal(210L, await bench.ScalarAsync("select credit_balance from accounts"));

        // The ledger is whole but for what was set aside, and it says so.
        var verification = await bench.VerifyAsync();
        var problem = Assert.Single(verification.Problems);
        Assert.Equal((false, "poisoned", 1, 0), (verification.Ok, problem.Kind, verification.ProblemsTotal, verification.DriftCredits));
    }

    [Fact]
    public async Task Verify_EntriesSetAside_NamesEachAccountUntilTheyAreDealtWith()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        bench.Outbox.Push(
            0, LedgerBench.Entry("x1", 77, -5, 5), LedgerBench.Entry("x2", 77, -2, 3), LedgerBench.Entry("y", 78, 9, 9), "no entry");
        await bench.Writer.FlushPartitionAsync(0, 0, default);

        var verification = await bench.VerifyAsync();

        Assert.Equal((false, 3), (verification.Ok, verification.ProblemsTotal));
        Assert.Equal([0, 77, 78], verification.Problems.Select(problem => problem.AccountId));
        Assert.StartsWith("2 entries over -7 credits were set aside", verification.Problems[1].Detail, StringComparison.Ordinal);
        await bench.ScalarAsync("delete from poison_entries");
        Assert.True((await bench.VerifyAsync()).Ok);
    }

    [Fact]
    public async Task FlushPartition_AccountOutOfStepWithItsEntries_ParksItAndLetsOthersPass()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var (broken, fine) = (await bench.AddAccountAsync(), await bench.AddAccountAsync());
        bench.Outbox.Push(0, LedgerBench.Entry("b1", broken, 1, 1), LedgerBench.Entry("b2", broken, 1, 2));
        await bench.Writer.FlushPartitionAsync(0, 0, default);
        await bench.ScalarAsync($"update accounts set seq = 0 where id = {broken}");
        bench.Outbox.Push(
            0, LedgerBench.Entry("b3", broken, 1, 3), LedgerBench.Entry("f1", fine, 1, 1), LedgerBench.Entry("b4", broken, 1, 4),
            LedgerBench.Entry("f2", fine, 1, 2));

        var result = await bench.Writer.FlushPartitionAsync(0, 0, default);

        Assert.Equal((2, 2), (result.Written, result.Poisoned));
        Assert.Equal("2:2", await bench.ScalarAsync($"select credit_balance || ':' || seq from accounts where id = {fine}"));
    }

    [Fact]
    public async Task FlushPartition_BalanceAtTheEndOfItsRange_SetsAside()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        await bench.ScalarAsync($"update accounts set credit_balance = {long.MaxValue} where id = {account}");
        bench.Outbox.Push(0, LedgerBench.Entry("t", account, 1, 1), LedgerBench.Entry("c", account, -1, 1));

        var result = await bench.Writer.FlushPartitionAsync(0, 0, default);

        Assert.Equal((1, 1), (result.Written, result.Poisoned));
    }

    // Digests, for an index compresses what repeats.
    private static string Incompressible(int digests) =>
        string.Concat(Enumerable.Range(0, digests).Select(i => Convert.ToBase64String(SHA256.HashData(BitConverter.GetBytes(i)))));
}
