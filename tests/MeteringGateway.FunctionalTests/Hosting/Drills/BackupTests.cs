using System.Net;
using MeteringGateway.FunctionalTests.Fixtures;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using Npgsql;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Hosting.Drills;

/// <summary>The drill of docs/operations.md: a dump under calls, its restore elsewhere, and what Redis has of the time between.</summary>
public sealed class BackupTests : OwnGatewayTests
{
    private const string Call = """{"surface":"seven"}""";

    /// <param name="isRedisWiped">As the drill says; else Redis is newer than the ledger, whose entries it has dropped already.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restore_OfADumpThatWasMadeUnderCalls_GoesOnWithTheLedgerOfTheDump(bool isRedisWiped)
    {
        var account = await Gateway.Client.CreateAccountAsync(1_000);
        var key = await Gateway.Client.CreateKeyAsync(account, new { name = "kept", spending_limit = 900, spending_type = "FIXED" });
        var named = (await Gateway.Client.AdminAsync(HttpMethod.Post, "admin/operators", new { name = "kept", access = "read_only" }))
            .Expect(HttpStatusCode.Created).GetProperty("token").GetString()!;
        using var directory = new TemporaryDirectory();
        await DumpUnderCallsAsync(key, directory.In("books.dump"));

        // Gone with the ledger of today: charges, credits, an account and its key.
        await Gateway.Client.CreditAsync(account, 500, "after the dump");
        var lost = await Gateway.Client.CreateAccountAsync(80);
        var lostKey = await Gateway.Client.CreateKeyAsync(lost);
        Assert.Equal(73, (await Gateway.Client.QueryAsync(lostKey, Call)).RemainingCredits);
        Assert.Equal(HttpStatusCode.OK, (await Gateway.Client.QueryAsync(key, Call)).Status);
        Assert.Equal(0, await Gateway.StopAsync());
        if (isRedisWiped)
        {
            using var redis = await ConnectionMultiplexer.ConnectAsync(Stores.RedisConnection + ",allowAdmin=true");
            await redis.GetServer(redis.GetEndPoints()[0]).FlushAllDatabasesAsync();
        }

        var restored = await RestoreAsync(directory.In("books.dump"));
        await using var books = new Books(restored);
        var before = await books.EntriesAsync(account);
        var balance = await books.BalanceAsync(account);
        Assert.Equal(before[^1].BalanceAfter, balance);
        Assert.True(before.Count < (await Stores.Books.EntriesAsync(account)).Count, "Nothing was charged after the dump.");

        await using var gateway = await GatewayProcess.StartAsync(
            Stores, await File.ReadAllTextAsync(Gateway.ConfigFile),
            new Dictionary<string, string> { ["ALPHA_KEY"] = "x", ["ConnectionStrings__Postgres"] = restored });

        // The first answer is the ledger's already: nobody spends what only Redis remembers.
        Assert.Equal(balance - 7, (await gateway.Client.QueryAsync(key, Call)).RemainingCredits);
        Assert.Equal("invalid_key", (await gateway.Client.QueryAsync(lostKey, Call)).Code);

        // A number that the lost account had is another one's now, with nothing of what the lost one had.
        Assert.Equal(lost, await gateway.Client.CreateAccountAsync());
        var heir = await gateway.Client.CreateKeyAsync(lost);
        Assert.Equal("insufficient_credits", (await gateway.Client.QueryAsync(heir, Call)).Code);

        var entries = await books.AwaitEntriesAsync(account, before.Count + 1);
        Assert.Equal(Enumerable.Range(1, before.Count + 1).Select(seq => (long)seq), entries.Select(entry => entry.Seq));
        Assert.Equal(before, entries.SkipLast(1));
        Assert.Equal(balance - 7, entries[^1].BalanceAfter);
        var self = (await gateway.Client.SendAsync(HttpMethod.Get, "api/v1/key", key, null)).Expect(HttpStatusCode.OK);
        var spent = -entries.Where(entry => entry.CreditsDelta < 0).Sum(entry => entry.CreditsDelta);
        Assert.Equal(spent, self.GetProperty("limits")[0].GetProperty("spent").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.SendAsync(HttpMethod.Get, "admin/accounts", named, null)).Status);
        await ExpectCleanAsync(gateway, books);
    }

    /// <summary>An older copy takes the ledger's place under a gateway that runs on: a failover to a standby that was behind.</summary>
    [Fact]
    public async Task Ledger_ThatForgetsUnderARunningGateway_IsNoticedBeforeAnythingIsWrittenToIt()
    {
        var account = await Gateway.Client.CreateAccountAsync(100);
        var key = await Gateway.Client.CreateKeyAsync(account);
        await Stores.Books.AwaitEntriesAsync(account, 1);
        using var directory = new TemporaryDirectory();
        await DumpAsync(directory.In("books.dump"));
        Assert.Equal(93, (await Gateway.Client.QueryAsync(key, Call)).RemainingCredits);
        await Stores.Books.AwaitEntriesAsync(account, 2);

        await RestoreInPlaceAsync(directory.In("books.dump"));
        Assert.Single(await Stores.Books.EntriesAsync(account));

        // The charge that tells of it is of the time before; from then on there is one truth.
        await Eventually.TrueAsync(
            async () => (await Gateway.Client.QueryAsync(key, Call)).Status == HttpStatusCode.OK, () => "no call is answered");
        await Eventually.TrueAsync(
            () => Task.FromResult(Gateway.Log.Contains("recovered in", StringComparison.Ordinal)), () => "nobody noticed",
            TimeSpan.FromSeconds(40));
        await ExpectCleanAsync(Gateway, Stores.Books);
        var balance = await Stores.Books.BalanceAsync(account);
        Assert.Equal(balance - 7, (await Gateway.Client.QueryAsync(key, Call)).RemainingCredits);
    }

    /// <summary>
    /// Each gateway remembers what it has committed itself, and the one that was idle less than the other: they agree on one recovery, and
    /// do not recover against each other.
    /// </summary>
    [Fact]
    public async Task Ledger_ThatForgetsUnderTwoGateways_IsRecoveredAndThenServedByBoth()
    {
        var account = await Gateway.Client.CreateAccountAsync(200);
        var key = await Gateway.Client.CreateKeyAsync(account);
        await Stores.Books.AwaitEntriesAsync(account, 1);
        await using var idle = await GatewayProcess.StartAsync(
            Stores, await File.ReadAllTextAsync(Gateway.ConfigFile), new Dictionary<string, string> { ["ALPHA_KEY"] = "x" });
        using var directory = new TemporaryDirectory();
        await DumpAsync(directory.In("books.dump"));
        for (var charged = 2; charged < 6; charged++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Gateway.Client.QueryAsync(key, Call)).Status);
            await Stores.Books.AwaitEntriesAsync(account, charged);
        }

        await RestoreInPlaceAsync(directory.In("books.dump"));
        foreach (var gateway in new[] { Gateway, idle, Gateway })
        {
            await Eventually.TrueAsync(
                async () => (await gateway.Client.QueryAsync(key, Call)).Status == HttpStatusCode.OK, () => "no call is answered");
        }

        await Eventually.TrueAsync(
            () => Task.FromResult((Gateway.Log + idle.Log).Contains("recovered in", StringComparison.Ordinal)), () => "nobody noticed",
            TimeSpan.FromSeconds(40));
        foreach (var gateway in new[] { Gateway, idle })
        {
            await Eventually.TrueAsync(
                async () => (await gateway.Client.QueryAsync(key, Call)).Status == HttpStatusCode.OK,
                () => "a gateway did not take up what was recovered");
        }

        await ExpectCleanAsync(Gateway, Stores.Books);

        // From here on nothing is recovered any more, whichever gateway charges and whichever flushes.
        var before = await EpochsAsync();
        var entries = (await Stores.Books.EntriesAsync(account)).Count;
        foreach (var gateway in new[] { idle, Gateway, idle, Gateway })
        {
            Assert.Equal(HttpStatusCode.OK, (await gateway.Client.QueryAsync(key, Call)).Status);
            await Stores.Books.AwaitEntriesAsync(account, ++entries);
        }

        Assert.Equal(before, await EpochsAsync());
        await ExpectCleanAsync(idle, Stores.Books);
    }

    /// <summary>
    /// Puts a dump in the ledger's place, under the gateways that run: whole, as a standby takes over, for a gateway that meets a table
    /// before its rows and its index would write what the rest of the restore then breaks on.
    /// </summary>
    private async Task RestoreInPlaceAsync(string file)
    {
        var restored = await RestoreAsync(file);
        NpgsqlConnection.ClearAllPools();
        var (name, copy) = (Name(Stores.PostgresConnection), Name(restored));
        await using var source = NpgsqlDataSource.Create(Stores.Postgres.ConnectionTo("postgres") + ";Pooling=false");
        foreach (var statement in new[]
        {
            $"alter database \"{name}\" allow_connections false",
            $"select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '{name}'",
            $"alter database \"{name}\" rename to \"{name}_forgotten\"",
            $"alter database \"{copy}\" rename to \"{name}\"",
        })
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }

        Stores.Books.Reconnect();
    }

    private static string Name(string connection) => new NpgsqlConnectionStringBuilder(connection).Database!;

    private async Task<string> EpochsAsync() =>
        (string)(await ExecuteAsync("select string_agg(epoch::text, ' ' order by partition) from partitions"))!;

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var open = new NpgsqlConnection(Stores.PostgresConnection);
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open);
        return await command.ExecuteScalarAsync();
    }

    private static async Task ExpectCleanAsync(GatewayProcess gateway, Books books)
    {
        var reconciled = (await gateway.Client.AdminAsync(HttpMethod.Post, "admin/ledger/reconcile")).ExpectSuccess();
        Assert.True(reconciled.GetProperty("ok").GetBoolean(), reconciled.ToString());
        var verified = await gateway.Client.VerifyLedgerAsync();
        Assert.True(verified.GetProperty("ok").GetBoolean(), verified.ToString());
        Assert.Empty(await books.ProblemsAsync());
    }

    private async Task DumpUnderCallsAsync(string key, string file)
    {
        var dumping = DumpAsync(file);
        var charged = 0;
        while (!dumping.IsCompleted || charged < 3)
        {
            Assert.Equal(HttpStatusCode.OK, (await Gateway.Client.QueryAsync(key, Call)).Status);
            charged++;
        }

        await dumping;
    }

    private Task DumpAsync(string file) => RunAsync("pg_dump", "--format", "custom", "--file", file, Uri(Stores.PostgresConnection));

    private async Task<string> RestoreAsync(string file)
    {
        var restored = new NpgsqlConnectionStringBuilder(Stores.PostgresConnection);
        restored.Database += "_restored";
        await Stores.Postgres.CreateDatabaseAsync(restored.Database, CancellationToken.None);
        await RunAsync("pg_restore", "--dbname", Uri(restored.ConnectionString), file);
        return restored.ConnectionString;
    }

    private async Task RunAsync(string tool, params string[] arguments)
    {
        var (code, output) = await ShellCommand.RunAsync([Stores.Postgres.Tool(tool), .. arguments], CancellationToken.None);
        Assert.True(code == 0, output);
    }

    private static string Uri(string connection)
    {
        var parts = new NpgsqlConnectionStringBuilder(connection);
        var login = $"{parts.Username}:{System.Uri.EscapeDataString(parts.Password ?? "")}";
        return $"postgresql://{login}@{parts.Host}:{parts.Port}/{parts.Database}";
    }
}
