using Dapper;
using MeteringGateway.FunctionalTests.Ledger;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Ledger.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Http.Authentication;

[Collection(LedgerTestGroup.Name)]
public sealed class KeyDirectoryTests(LedgerPostgres postgres)
{
    [Fact]
    public async Task Find_SecretsOfAKey_NameItAndTheirVersion()
    {
        await using var database = await BooksAsync();
        var (first, second) = (ApiKeySecret.Create(KeyMode.Test), ApiKeySecret.Create(KeyMode.Test));
        var (account, key) = await AddKeyAsync(database, "test", first.Hash, second.Hash);
        var directory = Directory(database);

        var found = await directory.FindAsync(Parse(second.Text), default);
        var old = await directory.FindAsync(Parse(first.Text), default);

        Assert.Equal(new KeyLookup(KeyLookupStatus.Found, new KeyIdentity(key, account, KeyMode.Test, 2)), found);
        Assert.Equal(1, old.Identity.SecretVersion);
    }

    [Fact]
    public async Task Find_PostgresAway_KnownKeysWorkAndNewOnesCantBeTold()
    {
        var database = await BooksAsync();
        var known = ApiKeySecret.Create(KeyMode.Live);
        await AddKeyAsync(database, "live", known.Hash);
        var clock = new SteppingClock();
        var directory = Directory(database, clock);
        Assert.Equal(KeyLookupStatus.Found, (await directory.FindAsync(Parse(known.Text), default)).Status);

        await database.DisposeAsync();
        var away = Directory(NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=1"), clock);
        Assert.Equal(KeyLookupStatus.Unavailable, (await away.FindAsync(Parse(known.Text), default)).Status);

        var lookup = directory.FindAsync(Parse(known.Text), default);
        Assert.True(lookup.IsCompletedSuccessfully);
        Assert.Equal(KeyLookupStatus.Found, (await lookup).Status);
    }

    [Fact]
    public async Task Find_UnknownThenMade_IsFoundAfterTheNegativeEntryEnds()
    {
        await using var database = await BooksAsync();
        var secret = ApiKeySecret.Create(KeyMode.Live);
        var clock = new SteppingClock();
        var directory = Directory(database, clock);

        Assert.Equal(KeyLookupStatus.Unknown, (await directory.FindAsync(Parse(secret.Text), default)).Status);
        await AddKeyAsync(database, "live", secret.Hash);
        Assert.Equal(KeyLookupStatus.Unknown, (await directory.FindAsync(Parse(secret.Text), default)).Status);
        clock.Step(TimeSpan.FromSeconds(5));

        Assert.Equal(KeyLookupStatus.Found, (await directory.FindAsync(Parse(secret.Text), default)).Status);
    }

    [Fact]
    public async Task Find_ManyAtOnce_AllGetTheKey()
    {
        await using var database = await BooksAsync();
        var secret = ApiKeySecret.Create(KeyMode.Live);
        var (_, key) = await AddKeyAsync(database, "live", secret.Hash);
        var directory = Directory(database);

        var found = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => directory.FindAsync(Parse(secret.Text), default).AsTask()));

        Assert.All(found, lookup => Assert.Equal(key, lookup.Identity.KeyId));
    }

    [Fact]
    public async Task Find_ManySecretsAtOnce_EachNamesItsOwnKeyOrNone()
    {
        await using var database = await BooksAsync();
        var secrets = Enumerable.Range(0, 40).Select(_ => ApiKeySecret.Create(KeyMode.Live)).ToList();
        var (_, key) = await AddKeyAsync(database, "live", [.. secrets.Where((_, i) => i % 2 == 0).Select(secret => secret.Hash)]);
        var directory = Directory(database);

        var found = await Task.WhenAll(secrets.Select(secret => directory.FindAsync(Parse(secret.Text), default).AsTask()));

        Assert.All(found.Select((lookup, i) => (lookup, i)), of => Assert.Equal(
            of.i % 2 == 0 ? new KeyIdentity(key, found[0].Identity.AccountId, KeyMode.Live, (of.i / 2) + 1) : default, of.lookup.Identity));
    }

    [Fact]
    public async Task OperatorToken_Unset_IsMadeAndShownOnce()
    {
        await using var database = await BooksAsync();
        using var shown = new StringWriter();
        var first = new OperatorToken(database, Options.Create(new AdminOptions()));
        await first.LoadAsync(shown, default);
        var token = shown.ToString().Trim().Split(' ')[^1];
        using var silent = new StringWriter();
        var second = new OperatorToken(database, Options.Create(new AdminOptions()));
        await second.LoadAsync(silent, default);

        Assert.Empty(silent.ToString());
        Assert.True(first.Matches(token));
        Assert.True(second.Matches(token));
        Assert.False(second.Matches(token + "x"));
        await using var connection = await database.OpenConnectionAsync();
        Assert.DoesNotContain(token, await connection.QueryAsync<string>("select value from settings"));
    }

    [Fact]
    public async Task OperatorToken_Configured_IsTheOnlyOne()
    {
        await using var database = await BooksAsync();
        using var output = new StringWriter();
        var token = new OperatorToken(database, Options.Create(new AdminOptions { Token = "chosen-by-hand" }));
        Assert.False(token.Matches("chosen-by-hand"));
        await token.LoadAsync(output, default);

        Assert.Empty(output.ToString());
        Assert.True(token.Matches("chosen-by-hand"));
        Assert.False(token.Matches("chosen-by-foot"));
    }

    private async Task<NpgsqlDataSource> BooksAsync()
    {
        var database = await postgres.NewDatabaseAsync();
        Assert.Null((await new Migrator(database, Migration.Embedded()).RunAsync(default)).Refusal);
        return database;
    }

    private static KeyDirectory Directory(NpgsqlDataSource database, TimeProvider? clock = null) =>
        new(
            new KeyReader(database, TimeProvider.System), Options.Create(new ClientOptions()), clock ?? TimeProvider.System,
            NullLogger<KeyDirectory>.Instance);

    private static ApiKeySecret Parse(string text)
    {
        Assert.True(ApiKeySecret.TryParse(text, out var secret));
        return secret;
    }

    private static async Task<(long Account, long Key)> AddKeyAsync(NpgsqlDataSource database, string mode, params SecretHash[] secrets)
    {
        await using var connection = await database.OpenConnectionAsync();
        var account = await connection.QuerySingleAsync<long>(
            "insert into accounts (email, full_name, kind) values ('a@example.com', 'A', 'team') returning id");
        var key = await connection.QuerySingleAsync<long>(
            "insert into keys (account_id, name, prefix, mode, secret_version) values (@account, 'k', 'mg', @mode, @version) returning id",
            new { account, mode, version = secrets.Length });
        for (var i = 0; i < secrets.Length; i++)
        {
            await connection.ExecuteAsync(
                "insert into key_secrets (hash, key_id, version) values (@hash, @key, @version)",
                new { hash = secrets[i].ToBytes(), key, version = i + 1 });
        }

        return (account, key);
    }

    /// <summary>Timestamps move by hand; timers run as ever.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Step(TimeSpan by) => _now += by.Ticks;

        public override long GetTimestamp() => _now;
    }
}
