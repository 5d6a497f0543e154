using System.Globalization;
using System.Net;
using System.Text.Json;

namespace MeteringGateway.FunctionalTests.Dialects;

/// <summary>The filters of every ledger: in each API by the type that it shows, and never anything of another account.</summary>
[Collection(DialectTestGroup.Name)]
public sealed class LedgerFilterTests(DialectGateway gateway)
{
    /// <summary>Path, its list, its field for the type, and what it calls a charge, a gift, a purchase and a debit by hand.</summary>
    public static TheoryData<string, string, string, string, string, string, string> Ledgers => new()
    {
        { "credits/transactions", "data", "type", "ai_usage", "support", "purchase", "adjustment" },
        { "api/billing/ledger", "entries", "type", "USAGE_DEBIT", "SUPPORT_CREDIT", "CREDIT_PURCHASE", "REFUND_DEBIT" },
        { "api/credits/ledger", "entries", "type", "deduction", "top_up", "top_up", "deduction" },
        { "v1/usage", "recent_transactions", "type", "Deduction", "Bonus", "Purchase", "Deduction" },
    };

    [Theory]
    [MemberData(nameof(Ledgers))]
    public async Task Ledger_FilteredByTypeAsShown_HasExactlyThose(
        string path, string list, string field, string usage, string gift, string purchase, string debit)
    {
        var history = await HistoryAsync();
        var all = Types(await gateway.ReadAsync(path, history.Customer.Session), list, field);
        Assert.Equal(new[] { debit, usage, usage, usage, purchase, gift }, all);
        foreach (var type in new[] { usage, gift, purchase, debit })
        {
            var found = Types(await gateway.ReadAsync($"{path}?type={type}", history.Customer.Session), list, field);
            Assert.Equal(all.Where(one => one == type), found);
        }
    }

    [Theory]
    [MemberData(nameof(Ledgers))]
    public async Task Ledger_FilteredByKeySurfaceEntryAndTime_HasExactlyThose(
        string path, string list, string field, string usage, string gift, string purchase, string debit)
    {
        var history = await HistoryAsync();
        var other = await HistoryAsync();

        Assert.Equal([usage, usage], await FindAsync($"key_id={history.FirstKey}"));
        Assert.Equal([usage], await FindAsync($"key_id={history.SecondKey}"));
        Assert.Equal([usage, usage], await FindAsync("surface=search"));
        Assert.Equal([usage], await FindAsync($"surface=search&key_id={history.SecondKey}&type={usage}"));
        Assert.Equal([usage], await FindAsync($"entry_id={history.Call}"));
        Assert.Equal([debit, usage, usage, usage, purchase, gift], await FindAsync("from=2020-01-01&to=2199-12-31"));
        Assert.Empty(await FindAsync("to=2020-01-01"));
        Assert.Empty(await FindAsync("from=2199-01-01T00:00:00Z"));
        Assert.Equal([usage], await FindAsync($"type={usage}&limit=1&offset=1"));
        Assert.Empty(await FindAsync($"type={usage}&offset=7"));

        // Of somebody else nothing is found, by whatever name.
        Assert.Empty(await FindAsync($"key_id={other.FirstKey}"));
        Assert.Empty(await FindAsync($"entry_id={other.Call}"));

        async Task<IReadOnlyList<string>> FindAsync(string query) =>
            Types(await gateway.ReadAsync($"{path}?{query}", history.Customer.Session), list, field);
    }

    [Theory]
    [InlineData("credits/transactions", "data")]
    [InlineData("api/billing/ledger", "entries")]
    [InlineData("api/credits/ledger", "entries")]
    [InlineData("v1/usage", "recent_transactions")]
    public async Task Ledger_OfATestKey_IsFilteredToo(string path, string list)
    {
        var customer = await gateway.NewCustomerAsync();
        var whole = (await gateway.ReadAsync(path, customer.TestKey)).GetProperty(list);
        Assert.NotEqual(0, whole.GetArrayLength());
        foreach (var type in Types(whole, "type").Distinct())
        {
            Assert.Equal(
                Types(whole, "type").Where(one => one == type),
                Types((await gateway.ReadAsync($"{path}?type={type}", customer.TestKey)).GetProperty(list), "type"));
        }

        Assert.Equal(0, (await gateway.ReadAsync($"{path}?to=2020-01-01", customer.TestKey)).GetProperty(list).GetArrayLength());
        Assert.Equal(0, (await gateway.ReadAsync($"{path}?key_id=1", customer.TestKey)).GetProperty(list).GetArrayLength());
    }

    [Theory]
    [InlineData("api/billing/ledger?type=usage", "CREDIT_PURCHASE or REFUND_DEBIT or SUPPORT_CREDIT or USAGE_DEBIT")]
    [InlineData("api/credits/ledger?type=USAGE_DEBIT", "deduction or refund or top_up")]
    [InlineData("v1/usage?type=deduction", "Bonus or Deduction or Purchase or Refund")]
    public async Task Ledger_FilteredByATypeThatItHasNot_SaysWhichThereAre(string path, string types)
    {
        var customer = await gateway.NewCustomerAsync();
        var answer = await gateway.GetAsync(path, customer.Session);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.Equal("must be " + types, answer.Json.GetProperty("errors")[0].GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Transactions_OfTheOperator_AreFilteredByEitherName()
    {
        var history = await HistoryAsync();
        var of = $"admin/credits/transactions?account_id={history.Customer.Account}";
        var whole = (await gateway.Client.AdminAsync(HttpMethod.Get, of)).Expect(HttpStatusCode.OK);
        Assert.Equal(6, whole.GetProperty("total").GetInt32());
        foreach (var (query, count) in new[]
        {
            ("type=usage", 3), ("type=ai_usage", 3), ("type=support", 1), ("type=nonsense", 0), ($"key_id={history.FirstKey}", 2),
            ("surface=ad", 1),
            ($"entry_id={history.Call}", 1), ("from=2020-01-01&to=2199-12-31", 6), ("to=2020-01-01", 0), ("type=usage&surface=search", 2),
        })
        {
            var found = (await gateway.Client.AdminAsync(HttpMethod.Get, $"{of}&{query}")).Expect(HttpStatusCode.OK);
            Assert.Equal(
                (query, count, count), (query, found.GetProperty("total").GetInt32(), found.GetProperty("transactions").GetArrayLength()));
        }

        var everywhere = (await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/credits/transactions?entry_id={history.Call}"))
            .Expect(HttpStatusCode.OK);
        Assert.Equal(
            history.Customer.Account,
            Assert.Single(everywhere.GetProperty("transactions").EnumerateArray()).GetProperty("account_id").GetInt64());
    }

    private async Task<History> HistoryAsync()
    {
        var customer = await gateway.NewCustomerAsync();
        await gateway.Client.CreditAsync(customer.Account, 100);
        (await gateway.PostAsync("api/me/purchases", customer.Session, new { package_slug = "starter-250" })).Expect(HttpStatusCode.OK);
        var second = await gateway.Client.CreateKeyAsync(customer.Account);
        var call = (await gateway.Client.QueryAsync(customer.Key, new { surface = "search" })).Expect(HttpStatusCode.OK);
        (await gateway.Client.QueryAsync(customer.Key, new { surface = "ad", format = "static" })).Expect(HttpStatusCode.OK);
        (await gateway.Client.QueryAsync(second, new { surface = "search" })).Expect(HttpStatusCode.OK);
        var taken = new { account_id = customer.Account, amount = -5, type = "adjustment", description = "taken" };
        (await gateway.Client.AdminAsync(HttpMethod.Post, "admin/credits/manual", taken)).ExpectSuccess();
        return new History(customer, await IdAsync(customer.Key), await IdAsync(second), call.GetProperty("request_id").GetString()!);
    }

    private async Task<string> IdAsync(string key) =>
        (await gateway.ReadAsync("api/v1/key", key)).GetProperty("id").GetInt64().ToString(CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> Types(JsonElement answer, string list, string field) => Types(answer.GetProperty(list), field);

    private static IReadOnlyList<string> Types(JsonElement list, string field) =>
        [.. list.EnumerateArray().Select(entry => entry.GetProperty(field).GetString()!)];

    private sealed record History(Customer Customer, string FirstKey, string SecondKey, string Call);
}
