using System.Net;
using System.Text.Json;
using MeteringGateway.FunctionalTests.Fixtures;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.Overview;

public sealed class OverviewOutageTests : OwnGatewayTests
{
    [Fact]
    public async Task Overview_WithoutRedis_HasNoBalanceAndSaysHowOldTheRestIs()
    {
        var account = await Gateway.Client.CreateAccountAsync(100);
        var key = await Gateway.Client.CreateKeyAsync(account);
        var session = (await Gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions", new { })).ExpectSuccess()
            .GetProperty("session").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await Gateway.Client.QueryAsync(key, """{"surface":"seven"}""")).Status);
        var before = default(JsonElement);
        await Eventually.TrueAsync(
            async () => (before = await ReadAsync()).GetProperty("usage").GetProperty("credits_this_month").GetInt64() == 7,
            () => before.ToString());
        Assert.Equal(93, before.GetProperty("balance").GetInt64());

        await Stores.Redis.KillAsync();
        var without = default(JsonElement);
        await Eventually.TrueAsync(
            async () => (without = await ReadAsync()).GetProperty("balance").ValueKind == JsonValueKind.Null
                // What the outbox may hold nobody can say now, so nothing is known of the time since the last entry.
                && without.GetProperty("as_of").GetDateTimeOffset() < before.GetProperty("at").GetDateTimeOffset(),
            () => without.ToString());
        Assert.Equal(7, without.GetProperty("usage").GetProperty("credits_this_month").GetInt64());
        Assert.Equal(93, without.GetProperty("entries")[0].GetProperty("balance_after").GetInt64());

        async Task<JsonElement> ReadAsync() =>
            (await Gateway.Client.SendAsync(HttpMethod.Get, "api/me/overview", session, null)).Expect(HttpStatusCode.OK);
    }
}
