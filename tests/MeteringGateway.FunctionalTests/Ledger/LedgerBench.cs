using System.Globalization;
using System.Text.Json;
using MeteringGateway.Hosting;
using MeteringGateway.Ledger;
using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Schema;
using MeteringGateway.Ledger.Verifying;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Ledger;

/// <summary>The whole ledger on an empty database, with an outbox that a test fills by hand.</summary>
internal sealed class LedgerBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private LedgerBench(NpgsqlDataSource database, ServiceProvider services, ListOutbox outbox) =>
        (Database, _services, Outbox) = (database, services, outbox);

    public NpgsqlDataSource Database { get; }
    public ListOutbox Outbox { get; }
    public LedgerWriter Writer => Get<LedgerWriter>();
    public Flusher Flusher => Get<Flusher>();
    public LedgerMetrics Metrics => Get<LedgerMetrics>();

    public static async Task<LedgerBench> OpenAsync(LedgerPostgres postgres, int batchSize = 500, RedisBalances? redis = null)
    {
        var database = await postgres.NewDatabaseAsync();
        var outbox = new ListOutbox(PartitionSetup.DefaultCount);
        var services = new ServiceCollection().AddLogging().AddSingleton(database).AddSingleton<IOutbox>(outbox).AddLedger();
        services.Configure<LedgerOptions>(o => (o.BatchSize, o.FlushInterval) = (batchSize, TimeSpan.FromMilliseconds(10)));
        if (redis is not null)
        {
            services.AddSingleton(redis);
        }

        var bench = new LedgerBench(database, services.BuildServiceProvider(), outbox);
        Assert.Null(await bench.Get<LedgerStartup>().PrepareAsync(default));
        return bench;
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async Task<long> AddAccountAsync() =>
        (long)(await ScalarAsync(
            "insert into accounts (email, full_name, kind) values (gen_random_uuid()::text, 'n', 'personal') returning id"))!;

    public async Task<long> AddKeyAsync(long account) =>
        (long)(await ScalarAsync($"insert into keys (account_id, name, prefix, mode) values ({account}, 'k', 'p', 'live') returning id"))!;

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Changes the ledger against its trigger, as someone with the owner's rights could.</summary>
    public Task CorruptAsync(string sql) => ScalarAsync($"""
        alter table ledger_entries disable trigger user;
        {sql};
        alter table ledger_entries enable trigger user
        """);

    public Task<LedgerVerification> VerifyAsync() => Get<LedgerVerifier>().VerifyAsync(default);

    /// <summary>A packed entry as the scripts write it; a key makes it a charge in fixed windows.</summary>
    public static string Entry(
        string id, long account, long delta, long seen, long? key = null, string? metadata = null, DateTimeOffset? at = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{at?.ToUnixTimeMilliseconds() ?? 1795000000000}|0|{account}|{key}|{delta}|{seen}|"
            + $"{(key is null ? "||" : "20775|2968|24322")}|")
        + $$"""{"id":{{JsonSerializer.Serialize(id)}},"type":"charge","metadata":{{metadata ?? "null"}}}""";

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Database.DisposeAsync();
    }
}
