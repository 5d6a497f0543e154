using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Reading;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Ledger.Reading;

/// <summary>A charge that comes between the question whether a call was charged and the word that it was not.</summary>
[Collection(LedgerTestGroup.Name)]
public sealed class DisputedCommitsTests(LedgerPostgres postgres)
{
    private const string Outcome = "select coalesce(outcome, 'open') from unsettled_calls";

    [Fact]
    public async Task Settle_AsFreeOfACallThatWasNeverCharged_IsFree()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var (store, call) = await NotedAsync(bench);

        Assert.True(await store.FinishAsync(call, DisputedCommits.Free, default));
        Assert.False(await store.FinishAsync(call, DisputedCommits.Reversed, default));
        Assert.Equal("free", await bench.ScalarAsync(Outcome));
    }

    [Fact]
    public async Task Settle_AsFreeOfACallThatWasChargedMeanwhile_StaysOnTheList()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var (store, call) = await NotedAsync(bench);
        await bench.Writer.FlushPartitionAsync(bench.Get<PartitionMap>().Of(call.AccountId), 0, default);

        Assert.False(await store.FinishAsync(call, DisputedCommits.Free, default));
        Assert.Equal(call, Assert.Single(await store.ListAsync("", 10, default)));
        Assert.True(await store.FinishAsync(call, DisputedCommits.Reversed, default));
    }

    /// <summary>
    /// The flush has written the charge and looked for a call to put back, but not committed: neither sees the other unless one waits.
    /// </summary>
    [Fact]
    public async Task Settle_AsFreeWhileTheChargeIsBeingFlushed_StaysOnTheList()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var (store, call) = await NotedAsync(bench);
        await using (var flushing = await bench.Database.OpenConnectionAsync())
        {
            await using var flush = await flushing.BeginTransactionAsync();
            await using var write = flushing.CreateCommand();
            write.CommandText = $"""
                select pg_advisory_xact_lock(28008, {bench.Get<PartitionMap>().Of(call.AccountId)});
                insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, occurred_at) values ('call', {call.AccountId}, 1, -7, -7, 'charge', now());
                """;
            await write.ExecuteNonQueryAsync();

            var settling = store.FinishAsync(call, DisputedCommits.Free, default);
            await Eventually.TrueAsync(
                async () => settling.IsCompleted
                    || (bool)(await bench.ScalarAsync(
                        "select exists (select from pg_locks where locktype = 'advisory' and not granted and classid = 28008)"))!,
                () => "the settlement neither ended nor waits");
            await flush.CommitAsync();
            await settling;
        }

        Assert.Equal("open", await bench.ScalarAsync(Outcome));
    }

    /// <summary>A call that is noted as disputed, and its charge in an outbox.</summary>
    private static async Task<(DisputedCommits Store, DisputedCommit Call)> NotedAsync(LedgerBench bench)
    {
        var account = await bench.AddAccountAsync();
        var call = new DisputedCommit("call", "call.2", account, await bench.AddKeyAsync(account), 7, "seven", 20775, 2968, 24322);
        bench.Outbox.Push(bench.Get<PartitionMap>().Of(account), LedgerBench.Entry("call", account, -7, -7, call.KeyId));
        var store = new DisputedCommits(bench.Database, bench.Get<PartitionMap>());
        await store.NoteAsync(call, default);
        return (store, call);
    }
}
