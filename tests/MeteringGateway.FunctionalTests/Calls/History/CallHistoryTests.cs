using System.Net;
using Dapper;
using MeteringGateway.Calls.History;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Accounts.People;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using Npgsql;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Calls.History;

/// <summary><c>GET /api/v1/calls/{request_id}</c>: what became of a call, by whatever gateway.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class CallHistoryTests(PeopleGateway gateway) : IAsyncLifetime
{
    private long _account;
    private long _keyId;
    private string _key = "";

    private CallCredits Credits => gateway.Get<CallCredits>();

    public async Task InitializeAsync()
    {
        _account = await gateway.Client.CreateAccountAsync(100);
        _key = await gateway.Client.CreateKeyAsync(_account);
        await using var books = new NpgsqlConnection(gateway.Stores.PostgresConnection);
        _keyId = await books.QuerySingleAsync<long>("select id from keys where account_id = @_account", new { _account });
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Call_ThatWasAnswered_IsChargedWithItsAttempts()
    {
        var answer = await gateway.Client.QueryAsync(_key, """{"surface":"search"}""");
        Assert.Equal(2, answer.CreditsCharged);

        // At once: the ledger is flushed first.
        var call = (await GetAsync(answer.RequestId)).ExpectSuccess();
        Assert.Equal(
            (answer.RequestId, "search", "alpha", "charged", 2L, 2L),
            (Text(call, "request_id"), Text(call, "surface"), Text(call, "provider"), Text(call, "state"), Number(call, "credits_held"),
                Number(call, "credits_charged")));
        Assert.Null(Text(call, "code"));
        Assert.True(call.GetProperty("at").TryGetDateTimeOffset(out _));
        var attempt = Assert.Single(call.GetProperty("provider_attempts").EnumerateArray());
        Assert.Equal(
            ("alpha", "success", 200, true),
            (Text(attempt, "provider"), Text(attempt, "outcome"), attempt.GetProperty("status").GetInt32(),
                Number(attempt, "duration_ms") >= 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Call_ThatIsUnderWay_IsHeld(int nthTry)
    {
        var id = NewId();
        var hold = await HoldAsync(id);
        if (nthTry > 1)
        {
            // As after a reserve whose answer was lost.
            using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Stores.RedisConnection);
            RedisKey holds = PartitionMap.Holds(gateway.Get<Partitions>().Map.Of(_account));
            var packed = await redis.GetDatabase().HashGetAsync(holds, id);
            await redis.GetDatabase().HashSetAsync(holds, Hold.IdOf(id, nthTry), packed);
            await redis.GetDatabase().HashDeleteAsync(holds, id);
            hold = hold with { Id = Hold.IdOf(id, nthTry) };
        }

        var call = (await GetAsync(id)).ExpectSuccess();
        Assert.Equal(("held", 5L, 0L), (Text(call, "state"), Number(call, "credits_held"), Number(call, "credits_charged")));
        Assert.Equal((null, null), (Text(call, "surface"), Text(call, "provider")));
        Assert.Empty(call.GetProperty("provider_attempts").EnumerateArray());

        gateway.Get<CallsUnderWay>().Begin(id, "search", "alpha");
        call = (await GetAsync(id)).ExpectSuccess();
        Assert.Equal(("search", "alpha"), (Text(call, "surface"), Text(call, "provider")));
        gateway.Get<CallsUnderWay>().End(id);
        await Credits.ReleaseAsync(hold);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(id)).Status);
    }

    [Fact]
    public async Task Call_ThatWasRefused_IsNotChargedAndSaysWhy()
    {
        var id = NewId();
        var at = new DateTimeOffset(2026, 5, 19, 8, 30, 0, TimeSpan.Zero);
        gateway.Get<CallLog>().Add(new RefusedCall(
            id, _account, "search", "alpha", "providers_failed", 5, "beta=timeout;5000, alpha=200;31", at));
        await AssertRefusedAsync();

        // And once it is written.
        await using var books = new NpgsqlConnection(gateway.Stores.PostgresConnection);
        await Eventually.TrueAsync(
            async () => await books.QuerySingleAsync<bool>("select exists (select from refused_calls where request_id = @id)", new { id }),
            () => "nothing is written");
        await AssertRefusedAsync();

        async Task AssertRefusedAsync()
        {
            var call = (await GetAsync(id)).ExpectSuccess();
            Assert.Equal(
                ("search", "alpha", "not_charged", "providers_failed", 5L, 0L),
                (Text(call, "surface"), Text(call, "provider"), Text(call, "state"), Text(call, "code"), Number(call, "credits_held"),
                    Number(call, "credits_charged")));
            Assert.Equal(at, call.GetProperty("at").GetDateTimeOffset());
            Assert.Equal(
                ["beta timeout  5000", "alpha bad_response 200 31"],
                call.GetProperty("provider_attempts").EnumerateArray().Select(attempt =>
                    $"{Text(attempt, "provider")} {Text(attempt, "outcome")} {attempt.GetProperty("status")} "
                        + $"{Number(attempt, "duration_ms")}"));
        }
    }

    [Fact]
    public async Task Call_WhoseGatewayDied_IsNotChargedOnceItsHoldHasExpired()
    {
        var id = NewId();
        await HoldAsync(id, TimeSpan.FromMilliseconds(1));
        await Eventually.TrueAsync(
            async () => (await GetAsync(id)) is { Status: HttpStatusCode.OK } answer && Text(answer.Json, "state") == "not_charged",
            () => "the call is not told of");
        var call = (await GetAsync(id)).ExpectSuccess();
        Assert.Equal(("expired", 5L), (Text(call, "code"), Number(call, "credits_held")));
        Assert.Null(Text(call, "surface"));
    }

    [Fact]
    public async Task Call_WhoseChargeWasTakenBack_IsNotCharged()
    {
        var id = NewId();
        var hold = await HoldAsync(id);
        await Credits.CommitAsync(hold, 5, new EntryTail(id, "usage", "search", "alpha", Attempts: "alpha=200;31", Held: 5));
        Assert.Equal("charged", Text((await GetAsync(id)).ExpectSuccess(), "state"));
        var settlement = gateway.Get<DisputeSettlement>();
        await settlement.DisputeAsync(hold, 5);
        await settlement.FinishAllAsync(default);

        var call = (await GetAsync(id)).ExpectSuccess();
        Assert.Equal(
            ("not_charged", "reversed", 5L, 0L),
            (Text(call, "state"), Text(call, "code"), Number(call, "credits_held"), Number(call, "credits_charged")));
    }

    /// <summary>A hold that expired, and a commit that came late and was collected: the charge is what counts.</summary>
    [Fact]
    public async Task Call_ThatExpiredAndWasChargedAfterAll_IsCharged()
    {
        var id = NewId();
        var hold = await HoldAsync(id, TimeSpan.FromMilliseconds(1));
        await Eventually.TrueAsync(
            async () => (await GetAsync(id)) is { Status: HttpStatusCode.OK } answer && Text(answer.Json, "state") == "not_charged",
            () => "the call is not told of");
        await Credits.CommitAsync(hold, 5, new EntryTail(id, "usage", "search", "alpha"));
        var call = (await GetAsync(id)).ExpectSuccess();
        Assert.Equal(("charged", 5L), (Text(call, "state"), Number(call, "credits_charged")));
    }

    [Fact]
    public async Task Call_OfAnotherAccount_IsUnknown()
    {
        var charged = (await gateway.Client.QueryAsync(_key, """{"surface":"search"}""")).RequestId;
        var (held, refused) = (NewId(), NewId());
        var hold = await HoldAsync(held);
        gateway.Get<CallLog>().Add(new RefusedCall(refused, _account, "search", null, "rate_limited", 0, null, DateTimeOffset.UnixEpoch));
        var other = await gateway.Client.CreateKeyAsync(await gateway.Client.CreateAccountAsync(100));
        var test = await gateway.Client.CreateKeyAsync(_account, new { name = "test", mode = "test" });
        foreach (var id in new[] { charged, held, refused })
        {
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(id)).Status);
            var answer = await gateway.GetAsync($"api/v1/calls/{id}", other);
            Assert.Equal((HttpStatusCode.NotFound, "not_found"), (answer.Status, answer.Code));
            Assert.Equal(HttpStatusCode.NotFound, (await gateway.GetAsync($"api/v1/calls/{id}", test)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetAsync($"api/v1/calls/{id}", null)).Status);
        }

        await Credits.ReleaseAsync(hold);
    }

    /// <summary>An account that hammers would push out what others ask for.</summary>
    [Fact]
    public async Task Call_OverTheKeysCallsAMinute_IsNotNoted()
    {
        GatewayAnswer refused;
        do
        {
            // Where a minute ends between the two calls, the second is free to go: once more.
            var key = await gateway.Client.CreateKeyAsync(_account, new { name = "slow", mode = "live", rate_limit_per_minute = 1 });
            await gateway.Client.QueryAsync(key, """{"surface":"search"}""");
            refused = await gateway.Client.QueryAsync(key, """{"surface":"search"}""");
        }
        while (refused.Status == HttpStatusCode.OK);

        Assert.Equal("rate_limited", refused.Code);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(refused.RequestId)).Status);
    }

    [Fact]
    public async Task Call_AskedAboutWithASession_IsThatOfItsWallet()
    {
        var (id, _, session) = await gateway.SignUpAsync();
        await gateway.Client.CreditAsync(id, 10);
        var answer = await gateway.Client.QueryAsync(await gateway.Client.CreateKeyAsync(id), """{"surface":"search"}""");
        Assert.Equal("charged", Text((await gateway.GetAsync($"api/v1/calls/{answer.RequestId}", session)).ExpectSuccess(), "state"));
    }

    [Theory]
    [InlineData("0198f1c2a7d07c3e9a3b0f6f1d2e4a55")]
    [InlineData("manual:1")]
    [InlineData("%E2%82%AC")]
    [InlineData("a|b")]
    public async Task Id_OfNoCall_IsUnknown(string id) => Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(id)).Status);

    private Task<GatewayAnswer> GetAsync(string id) => gateway.GetAsync($"api/v1/calls/{id}", _key);

    private async Task<Hold> HoldAsync(string id, TimeSpan? lifetime = null) =>
        (await Credits.ReserveAsync(
            new Reservation(id, _account, _keyId, 1, "search", 5, lifetime ?? TimeSpan.FromSeconds(30)), default)).Hold!;

    private static string NewId() => Guid.CreateVersion7().ToString("N");

    private static string? Text(System.Text.Json.JsonElement of, string name) => of.GetProperty(name).GetString();

    private static long Number(System.Text.Json.JsonElement of, string name) => of.GetProperty(name).GetInt64();
}
