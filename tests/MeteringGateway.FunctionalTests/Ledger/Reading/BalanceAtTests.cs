using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.FunctionalTests.Ledger.Reading;

[Collection(LedgerTestGroup.Name)]
public sealed class BalanceAtTests(LedgerPostgres postgres)
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The second entry is an hour ahead, the clock of Redis went back before the third.</summary>
    [Theory]
    [InlineData(-1, 0, null)]
    [InlineData(0, 100, 1L)]
    [InlineData(1, 100, 1L)]
    [InlineData(2, 85, 3L)]
    [InlineData(60, 85, 3L)]
    [InlineData(null, 85, 3L)]
    public async Task Rebuild_AClockThatWentBack_IsABalanceThatWas(int? minutes, long balance, long? lastSeq)
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        bench.Outbox.Push(bench.Get<PartitionMap>().Of(account),
            LedgerBench.Entry("a1", account, 100, 100, at: s_noon),
            LedgerBench.Entry("a2", account, -10, 90, at: s_noon.AddHours(1)),
            LedgerBench.Entry("a3", account, -5, 85, at: s_noon.AddMinutes(2)));

        var rebuilt = await bench.Get<BalanceAt>().RebuildAsync(account, minutes is { } offset ? s_noon.AddMinutes(offset) : null, default);

        Assert.Equal((balance, lastSeq, lastSeq ?? 0), (rebuilt!.CreditBalance, rebuilt.LastSeq, rebuilt.Entries));
    }

    /// <summary>No clock but that of Redis has a say: the gateway's may be behind it.</summary>
    [Fact]
    public async Task Rebuild_WithoutATime_HasEntriesThatAreAheadOfTheGateway()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        bench.Outbox.Push(
            bench.Get<PartitionMap>().Of(account), LedgerBench.Entry("a1", account, 100, 100, at: DateTimeOffset.UnixEpoch.AddYears(200)));

        Assert.Equal(100, (await bench.Get<BalanceAt>().RebuildAsync(account, null, default))!.CreditBalance);
    }

    [Fact]
    public async Task Rebuild_WhileThePartitionIsFenced_IsRefused()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var partition = bench.Get<PartitionMap>().Of(account);
        bench.Outbox.Push(partition, LedgerBench.Entry("a1", account, 100, 100));
        await bench.ScalarAsync($"update partitions set epoch = 7 where partition = {partition}");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => bench.Get<BalanceAt>().RebuildAsync(account, null, default));
    }
}
