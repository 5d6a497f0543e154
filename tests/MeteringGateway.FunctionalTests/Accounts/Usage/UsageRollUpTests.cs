using System.Globalization;
using MeteringGateway.Accounts.Usage;
using MeteringGateway.FunctionalTests.Ledger;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Accounts.Usage;

/// <summary>The sums of the roll-up are those of the ledger, whichever gateway adds up, dies or adds up at the same time.</summary>
[Collection(LedgerTestGroup.Name)]
public sealed class UsageRollUpTests(LedgerPostgres postgres)
{
    [Fact]
    public async Task Entries_FromBeforeTheRollUp_AreAllAddedUpByASweep()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var (many, few, none) = (await bench.AddAccountAsync(), await bench.AddAccountAsync(), await bench.AddAccountAsync());
        await WriteAsync(bench, many, 2_500);
        await WriteAsync(bench, few, 3);
        using var rollUp = RollUp(bench);

        await rollUp.SweepAsync(default);

        await AssertEqualAsync(bench);
        Assert.Equal(0L, await bench.ScalarAsync($"select count(*) from usage_progress where account_id = {none}"));
        await rollUp.SweepAsync(default);
        await AssertEqualAsync(bench);
    }

    [Fact]
    public async Task Entries_ThatAreFlushed_AreAddedUpInTheNextRoundWithoutASweep()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var account = await bench.AddAccountAsync();
        var key = await bench.AddKeyAsync(account);
        using var rollUp = RollUp(bench);
        await rollUp.RoundAsync(default);
        var partition = bench.Get<MeteringGateway.Ledger.Entries.PartitionMap>().Of(account);
        bench.Outbox.Push(
            partition, LedgerBench.Entry("credit", account, 100, 100),
            LedgerBench.Entry("call", account, -7, 93, key).Replace("\"charge\"", "\"usage\"", StringComparison.Ordinal));
        Assert.True(await bench.Flusher.DrainAsync(partition, default));

        await rollUp.RoundAsync(default);

        await AssertEqualAsync(bench);
        Assert.Equal(7L, await bench.ScalarAsync($"select sum(credits)::bigint from usage_hourly where account_id = {account}"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Sums_AnyInterleavingOfFlushesGatewaysAndDeaths_AreThoseOfTheLedger(int seed)
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        var accounts = new List<long>();
        for (var i = 0; i < 12; i++)
        {
            accounts.Add(await bench.AddAccountAsync());
        }

        using var first = RollUp(bench);
        using var second = RollUp(bench);
        using var writing = new CancellationTokenSource();
        var gateways = Task.WhenAll(
            AddUpAsync(first, seed * 10, accounts, writing.Token), AddUpAsync(second, (seed * 10) + 1, accounts, writing.Token));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async writer =>
        {
            var random = new Random((seed * 100) + writer);
            for (var turn = 0; turn < 60; turn++)
            {
                await WriteAsync(bench, accounts[random.Next(accounts.Count)], random.Next(1, 40), random.Next());
            }
        }));
        await writing.CancelAsync();
        await gateways;

        await first.SweepAsync(default);

        await AssertEqualAsync(bench);
    }

    /// <summary>A gateway that looks at accounts as it comes, sweeps, and is cut off in the middle again and again.</summary>
    private static async Task AddUpAsync(UsageRollUp rollUp, int seed, List<long> accounts, CancellationToken writing)
    {
        var random = new Random(seed);
        while (!writing.IsCancellationRequested)
        {
            using var death = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 60)));
            try
            {
                await (random.Next(3) == 0
                    ? rollUp.SweepAsync(death.Token)
                    : rollUp.CatchUpAsync(accounts[random.Next(accounts.Count)], death.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or NpgsqlException)
            {
                // It died; another one goes on.
            }
        }
    }

    private static UsageRollUp RollUp(LedgerBench bench) => new(
        bench.Database, new ConsoleDatabase(bench.Database, bench.Database), bench.Writer,
        Options.Create(new UsageOptions { SweepInterval = TimeSpan.FromHours(1) }), TimeProvider.System, NullLogger<UsageRollUp>.Instance);

    /// <summary>As a flush writes: the account locked, its chain continued, its head moved on.</summary>
    private static async Task WriteAsync(LedgerBench bench, long account, int count, int seed = 0)
    {
        await using var connection = await bench.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            string.Create(CultureInfo.InvariantCulture, $"""
                select seq from accounts where id = {account} for no key update;
                insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, surface, provider,
                  occurred_at, recorded_at)
                select gen_random_uuid()::text, {account}, a.seq + n, case when n % 5 = 0 then 50 else -(n % 7 + 1) end, 0,
                       case when n % 5 = 0 then 'purchase' else 'usage' end, case when n % 3 > 0 then n % 3 end,
                       case when n % 4 > 0 then 's' || n % 4 end, case when n % 2 = 0 then 'alpha' end,
                       timestamptz '2026-03-30T22:00:00Z' + ({seed} % 90 + n) * interval '7 minutes', statement_timestamp()
                from accounts a, generate_series(1, {count}) n where a.id = {account};
                update accounts set seq = seq + {count} where id = {account};
                """),
            connection,
            transaction);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private static async Task AssertEqualAsync(LedgerBench bench)
    {
        foreach (var (table, step, column, whole) in new[]
        {
            ("usage_hourly", "hour", "hour", "account_id, key_id, surface, provider"),
            ("usage_daily", "day", "day", "account_id, key_id, surface, provider"),
            ("account_usage_daily", "day", "day", "account_id"),
            ("surface_usage_hourly", "hour", "hour", "surface, provider"),
        })
        {
            var difference = await bench.ScalarAsync($"""
                with truth as (
                  select {column}, {whole}, count(*) as calls, sum(-credits_delta)::bigint as credits
                  from (select account_id, coalesce(key_id, 0) as key_id, coalesce(surface, '') as surface,
                               coalesce(provider, '') as provider, date_trunc('{step}', occurred_at, 'UTC') as {column}, credits_delta
                        from ledger_entries where entry_type = 'usage') e
                  group by {column}, {whole}
                ), kept as (select {column}, {whole}, calls, credits from {table})
                select count(*) from ((table truth except table kept) union all (table kept except table truth)) as difference
                """);
            Assert.Equal((table, 0L), (table, (long)difference!));
        }

        Assert.True((long)(await bench.ScalarAsync("select count(*) from usage_hourly"))! > 0);
    }
}
