using Dapper;
using MeteringGateway.Accounts.Notices;
using MeteringGateway.FunctionalTests.Ledger;
using MeteringGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MeteringGateway.FunctionalTests.Accounts.Notices;

/// <summary>A flush queues what a threshold is set for; a threshold that it did not see is looked at once the flush has ended.</summary>
[Collection(LedgerTestGroup.Name)]
public sealed class NoticeQueueTests(LedgerPostgres postgres)
{
    private const string Waiting =
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

    [Theory]
    [InlineData("", 0)]
    [InlineData("update keys set limit_weekly = 5", 1)]
    [InlineData("update keys set limit_fixed = 0, limit_daily = 7", 1)]
    [InlineData("update keys set limit_fixed = 0", 0)]
    [InlineData("update accounts set monthly_budget = 5", 1)]
    [InlineData("update accounts set low_balance_mark = 0", 1)]
    public async Task Flush_OfACharge_IsQueuedWhereAThresholdIsSet(string setting, long queued)
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var key = await bench.AddKeyAsync(account);
        if (setting.Length > 0)
        {
            await bench.ScalarAsync(setting);
        }

        bench.Outbox.Push(3, LedgerBench.Entry("r1", account, -1, -1, key));
        await bench.Writer.FlushPartitionAsync(3, 0, default);

        Assert.Equal(queued, await bench.ScalarAsync("select count(*) from notice_queue"));
    }

    [Fact]
    public async Task Limit_SetBesideAFlushThatDoesNotSeeIt_IsLookedAtWhenThatHasEnded()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var key = await bench.AddKeyAsync(account);
        await using var flush = await bench.Database.OpenConnectionAsync();
        await using var transaction = await flush.BeginTransactionAsync();
        await flush.ExecuteAsync("select id from accounts where id = @account for no key update", new { account }, transaction);
        await flush.ExecuteAsync("insert into key_spend values (@key, 'FIXED', 0, 90)", new { key }, transaction);
        await bench.ScalarAsync($"update keys set limit_fixed = 100 where id = {key}");
        await bench.ScalarAsync($"insert into notice_queue (cause, account_id, key_id) values ('key', {account}, {key})");
        var watcher = new CrossingWatcher(
            bench.Database, Options.Create(new NoticesOptions()), TimeProvider.System, NullLogger<CrossingWatcher>.Instance);

        var watching = watcher.WatchAsync(default);
        await Eventually.TrueAsync(
            async () => watching.IsCompleted || (long)(await bench.ScalarAsync(Waiting))! > 0, () => "the watcher waits for no lock");
        Assert.False(watching.IsCompleted);
        await transaction.CommitAsync();
        await watching;

        Assert.Equal(2L, await bench.ScalarAsync("select count(*) from notices where percent in (50, 80) and spent = 90"));
    }
}
