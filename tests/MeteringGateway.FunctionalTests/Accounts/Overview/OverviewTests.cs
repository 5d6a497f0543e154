using System.Globalization;
using System.Net;
using System.Text.Json;
using Dapper;
using MeteringGateway.FunctionalTests.Accounts.Notices;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Accounts.Overview;

[Collection(NoticeTestGroup.Name)]
public sealed class OverviewTests(NoticeGateway gateway)
{
    [Fact]
    public async Task Overview_AtRest_IsWhatSqlFindsInTheLedger()
    {
        var (account, key, keyId) = await gateway.NewKeyAsync(1_000, new { name = "k" });
        var revoked = (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/keys", new { name = "gone" }))
            .Expect(HttpStatusCode.Created).GetProperty("id").GetInt64();
        Assert.Equal(HttpStatusCode.NoContent, (await gateway.Client.AdminAsync(HttpMethod.Delete, $"admin/keys/{revoked}")).Status);
        for (var charge = 1; charge <= 10; charge++)
        {
            await gateway.ChargeAsync(key, charge);
        }

        var seen = default(JsonElement);
        await Eventually.TrueAsync(
            async () => Calls(seen = await ReadAsync(account)) == 10, () => seen.ToString());
        Assert.Equal(945, seen.GetProperty("balance").GetInt64());
        Assert.Equal(0, seen.GetProperty("held").GetInt64());
        Assert.Equal(1, seen.GetProperty("active_keys").GetInt32());
        Assert.False(seen.GetProperty("auto_recharge").GetBoolean());
        var usage = seen.GetProperty("usage");
        Assert.Equal(55m, usage.GetProperty("credits_per_day").GetDecimal());
        Assert.All(usage.GetProperty("days").EnumerateArray(), day => Assert.Equal("search", day.GetProperty("surface").GetString()));
        await using var books = new NpgsqlConnection(gateway.Stores.PostgresConnection + ";Pooling=false");
        foreach (var (name, step) in new[] { ("today", "day"), ("this_month", "month") })
        {
            var (calls, credits) = await books.QuerySingleAsync<(long, long)>(
                "select count(*), coalesce(-sum(credits_delta), 0)::bigint from ledger_entries where account_id = @account "
                + "and entry_type = 'usage' and occurred_at >= date_trunc(@step, @at, 'UTC')",
                new { account, step, at = seen.GetProperty("at").GetDateTime() });
            Assert.Equal(
                (calls, credits), (usage.GetProperty("calls_" + name).GetInt64(), usage.GetProperty("credits_" + name).GetInt64()));
        }

        Assert.Equal(55, usage.GetProperty("days").EnumerateArray().Sum(day => day.GetProperty("credits").GetInt64()));
        var entries = (await gateway.Stores.Books.EntriesAsync(account)).Reverse().Take(8);
        Assert.Equal(
            entries.Select(entry => $"{entry.Seq} {entry.EntryId} {entry.CreditsDelta} {entry.BalanceAfter} {keyId} alpha"),
            seen.GetProperty("entries").EnumerateArray().Select(entry =>
                $"{entry.GetProperty("seq")} {entry.GetProperty("id")} {entry.GetProperty("amount")} {entry.GetProperty("balance_after")} "
                + $"{entry.GetProperty("key_id")} {entry.GetProperty("provider")}"));
    }

    /// <summary>Many look while calls are charged: nobody waits for a sum, and each answer says up to when all is in it.</summary>
    [Fact]
    public async Task Overview_WhileCallsAreCharged_CountsAllBeforeItsAsOf()
    {
        var (account, key, _) = await gateway.NewKeyAsync(1_000, new { name = "k" });
        var session = await SessionAsync(account);
        var charging = Task.Run(async () =>
        {
            for (var charge = 0; charge < 60; charge++)
            {
                await gateway.ChargeAsync(key, 1);
            }
        });
        var answers = new List<JsonElement>();
        while (!charging.IsCompleted || answers.Count < 30)
        {
            var asked = await Task.WhenAll(new[] { gateway.First, gateway.Second }.Select(one =>
                one.Client.SendAsync(HttpMethod.Get, "api/me/overview", session, null)));
            answers.AddRange(asked.Select(answer => answer.Expect(HttpStatusCode.OK)));
        }

        await charging;
        await gateway.Stores.Books.AwaitEntriesAsync(account, 61);
        await using var books = new NpgsqlConnection(gateway.Stores.PostgresConnection + ";Pooling=false");
        foreach (var answer in answers)
        {
            var asOf = answer.GetProperty("as_of").GetDateTime();
            var known = await books.ExecuteScalarAsync<long>(
                "select count(*) from ledger_entries where account_id = @account and entry_type = 'usage' and occurred_at < @asOf",
                new { account, asOf });
            var (counted, newest) = (Calls(answer), answer.GetProperty("entries")[0].GetProperty("seq").GetInt64());
            Assert.True(
                counted >= known && newest > known,
                string.Create(CultureInfo.InvariantCulture, $"{counted} counted, entry {newest} shown, {known} before {asOf:O}"));
        }
    }

    [Fact]
    public async Task Overview_OfAnother_IsShownToNobody()
    {
        var (account, key, _) = await gateway.NewKeyAsync(1_000, new { name = "k" });
        var (other, _, _) = await gateway.NewKeyAsync(7, new { name = "k" });

        var byKey = await gateway.Client.SendAsync(HttpMethod.Get, "api/me/overview", key, null);
        var byNobody = await gateway.Client.SendAsync(HttpMethod.Get, "api/me/overview", null, null);
        var byOther = await gateway.Client.SendAsync(
            HttpMethod.Get, $"api/me/overview?account_id={account}", await SessionAsync(other), null);

        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (byKey.Status, byKey.Code));
        Assert.Equal(HttpStatusCode.Unauthorized, byNobody.Status);
        Assert.Equal(HttpStatusCode.BadRequest, byOther.Status);
        Assert.Equal(7, (await ReadAsync(other)).GetProperty("balance").GetInt64());
    }

    private static long Calls(JsonElement overview) =>
        overview.GetProperty("usage").GetProperty("days").EnumerateArray().Sum(day => day.GetProperty("calls").GetInt64());

    private async Task<JsonElement> ReadAsync(long account) =>
        (await gateway.Client.SendAsync(HttpMethod.Get, "api/me/overview", await SessionAsync(account), null)).Expect(HttpStatusCode.OK);

    private async Task<string> SessionAsync(long account) =>
        (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions", new { })).ExpectSuccess()
            .GetProperty("session").GetString()!;
}
