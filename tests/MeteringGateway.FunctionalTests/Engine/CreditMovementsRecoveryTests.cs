using System.Net;
using System.Text;
using Dapper;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Testing;
using Npgsql;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>
/// Credits that are asked for while the account's partition is being recovered: the payment is taken, so the answer is "under way",
/// and they come once.
/// </summary>
public sealed class CreditMovementsRecoveryTests : IAsyncLifetime
{
    private readonly FakeProvider _provider = FakeProvider.Start();
    private Stores? _stores;
    private GatewayProcess? _gateway;

    private Stores Stores => _stores!;
    private GatewayClient Client => _gateway!.Client;

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        var environment = new Dictionary<string, string> { ["ALPHA_KEY"] = "x", ["Payments__Sandbox__Enabled"] = "true" };
        _gateway = await GatewayProcess.StartAsync(Stores, MeteringFixture.Config(_provider, _provider), environment);
    }

    public async Task DisposeAsync()
    {
        await _gateway!.DisposeAsync();
        await _provider.DisposeAsync();
        await _stores!.DisposeAsync();
    }

    [Fact]
    public async Task Payments_InTheMiddleOfARecovery_AreAcceptedAndGivenOnce()
    {
        var package = new { slug = "starter-250", name = "Starter 250", credits = 250, price_cents = 2500, currency = "USD" };
        (await Client.AdminAsync(HttpMethod.Post, "admin/catalog/packages", package)).Expect(HttpStatusCode.Created);
        var account = await Client.CreateAccountAsync();
        var session = await SessionAsync(account);
        await using var books = new NpgsqlConnection(Stores.PostgresConnection);
        await books.OpenAsync();
        await BlockAsync(books, new PartitionMap(PartitionSetup.DefaultCount).Of(account));

        var manual = await Client.AdminAsync(
            HttpMethod.Post, "admin/credits/manual", new { account_id = account, amount = 7, type = "support", description = "n" });
        var bought = await PostAsync("api/me/purchases", """{"package_slug":"starter-250"}""", session);
        var toppedUp = await PostAsync("api/credits/top-up", """{"amountInUsdCents":1000}""", session);

        Assert.Equal(
            (HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Accepted), (manual.Status, bought.Status, toppedUp.Status));
        Assert.Equal("paid", bought.Json.GetProperty("status").GetString());
        Assert.Equal(1000, toppedUp.Json.GetProperty("amountCharged").GetInt32());
        Assert.Empty(await Stores.Books.EntriesAsync(account));

        await books.ExecuteAsync("select pg_advisory_unlock_all()");
        await Stores.Books.AwaitEntriesAsync(account, 3);
        Assert.Equal([7L, 250L, 1000L], (await Stores.Books.EntriesAsync(account)).Select(entry => entry.CreditsDelta).Order());
        Assert.Empty(await Stores.Books.ProblemsAsync());
    }

    private async Task BlockAsync(NpgsqlConnection books, int partition)
    {
        await books.ExecuteAsync("select pg_advisory_lock(@recovery, @partition)", new { recovery = EpochStore.RecoveryLock, partition });
        using var redis = await ConnectionMultiplexer.ConnectAsync(Stores.RedisConnection);
        await redis.GetDatabase().KeyDeleteAsync(PartitionMap.Meta(partition));
    }

    private async Task<string> SessionAsync(long account) =>
        (await Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).Expect(HttpStatusCode.Created)
            .GetProperty("session").GetString()!;

    private Task<GatewayAnswer> PostAsync(string path, string body, string session) =>
        Client.SendAsync(HttpMethod.Post, path, session, new StringContent(body, Encoding.UTF8, "application/json"));
}
