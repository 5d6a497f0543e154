using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace MeteringGateway.FunctionalTests.Dialects;

[Collection(DialectTestGroup.Name)]
public sealed class ConduitTests(DialectGateway gateway)
{
    private const string Entry =
        """{"id":"clx1abc2def3ghi4jkl","type":"USAGE_DEBIT","amountInCents":-12,"balanceAfterInCents":4250,"metadata":{},"createdAt":"2026-03-09T14:32:00.000Z"}""";

    [Fact]
    public async Task Balance_AsInTheDocument_IsItsExampleLiterally()
    {
        var customer = await gateway.NewCustomerAsync(425);
        Assert.Equal(
            """{"balanceInCents":4250,"balanceInDollars":42.5}""", (await gateway.GetAsync("api/billing/balance", customer.Key)).Text);
    }

    [Fact]
    public async Task Ledger_AsInTheDocument_HasItsShapeAndTypes()
    {
        var customer = await gateway.NewCustomerAsync();
        (await gateway.PostAsync("api/me/purchases", customer.Session, new { package_slug = "starter-250" })).Expect(HttpStatusCode.OK);
        (await gateway.Client.QueryAsync(customer.Key, new { surface = "search" })).Expect(HttpStatusCode.OK);
        foreach (var (type, amount) in new[] { ("support", 5), ("refund", -5) })
        {
            (await gateway.Client.AdminAsync(
                HttpMethod.Post, "admin/credits/manual", new { account_id = customer.Account, amount, type, description = "By hand" }))
                .ExpectSuccess();
        }

        var answer = await gateway.ReadAsync("api/billing/ledger?limit=5&offset=0", customer.Key);

        Assert.Equal(["entries", "limit", "offset", "count"], answer.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            (5, 0, 4),
            (answer.GetProperty("limit").GetInt32(), answer.GetProperty("offset").GetInt32(), answer.GetProperty("count").GetInt32()));
        var entries = answer.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(
            [("REFUND_DEBIT", -50, 2480), ("SUPPORT_CREDIT", 50, 2530), ("USAGE_DEBIT", -20, 2480), ("CREDIT_PURCHASE", 2500, 2500)],
            entries.Select(entry => (
                entry.GetProperty("type").GetString()!, entry.GetProperty("amountInCents").GetInt32(),
                entry.GetProperty("balanceAfterInCents").GetInt32())));
        Assert.All(entries, entry => Assert.Equal(
            JsonElement.Parse(Entry).EnumerateObject().Select(one => one.Name), entry.EnumerateObject().Select(one => one.Name)));
        Assert.All(
            entries, entry => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", entry.GetProperty("createdAt").GetString()));
        Assert.Equal("search", entries[2].GetProperty("metadata").GetProperty("model").GetString());
        Assert.False(string.IsNullOrEmpty(entries[3].GetProperty("metadata").GetProperty("stripePaymentId").GetString()));
    }

    [Fact]
    public async Task Ledger_WithoutParameters_Has10FromTheNewest()
    {
        var customer = await gateway.NewCustomerAsync(1000);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => gateway.Client.QueryAsync(customer.Key, new { surface = "search" })));
        var answer = await gateway.ReadAsync("api/billing/ledger", customer.Key);
        var rest = await gateway.ReadAsync("api/billing/ledger?offset=10&limit=100", customer.Key);
        Assert.Equal((10, 10, 0, 3), (
            answer.GetProperty("limit").GetInt32(), answer.GetProperty("count").GetInt32(), answer.GetProperty("offset").GetInt32(),
            rest.GetProperty("count").GetInt32()));
    }

    [Theory]
    [InlineData("FIXED", null)]
    [InlineData("RECURRING", "DAILY")]
    [InlineData("RECURRING", "WEEKLY")]
    [InlineData("RECURRING", "MONTHLY")]
    public async Task SpendingLimit_SetInCents_IsReadBackAndHolds(string type, string? period)
    {
        var customer = await gateway.NewCustomerAsync(100);
        var key = (await gateway.ReadAsync("api/billing/keys", customer.Session)).GetProperty("keys").EnumerateArray()
            .Single(one => customer.Key.StartsWith(one.GetProperty("prefix").GetString()!, StringComparison.Ordinal))
            .GetProperty("id").GetInt64();

        var set = await PatchAsync(customer, key, new { spendingLimit = 39, spendingType = type, spendingPeriod = period });

        // 39 cents are 3 credits: one call of 2 passes, the second does not.
        Assert.Equal((30, type, period), (
            set.GetProperty("spendingLimit").GetInt32(), set.GetProperty("spendingType").GetString(),
            set.GetProperty("spendingPeriod").GetString()));
        (await gateway.Client.QueryAsync(customer.Key, new { surface = "search" })).Expect(HttpStatusCode.OK);
        Assert.Equal("key_limit_exceeded", (await gateway.Client.QueryAsync(customer.Key, new { surface = "search" })).Code);
        Assert.Equal(
            JsonValueKind.Null,
            (await PatchAsync(customer, key, new { spendingLimit = (int?)null })).GetProperty("spendingLimit").ValueKind);
        (await gateway.Client.QueryAsync(customer.Key, new { surface = "search" })).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"spendingLimit":-1}""")]
    [InlineData("""{"spendingLimit":1.5}""")]
    [InlineData("""{"spendingLimit":100,"spendingType":"RECURRING"}""")]
    [InlineData("""{"spendingLimit":100,"spendingType":"FIXED","spendingPeriod":"DAILY"}""")]
    [InlineData("""{"spendingLimit":100,"spendingType":"HOURLY"}""")]
    public async Task SpendingLimit_SetWrongly_IsRefused(string body)
    {
        var customer = await gateway.NewCustomerAsync();
        var key = (await gateway.ReadAsync("api/billing/keys", customer.Session)).GetProperty("keys")[0].GetProperty("id").GetInt64();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await gateway.Client.SendAsync(HttpMethod.Patch, $"api/billing/keys/{key}", customer.Session, content);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task SpendingLimit_OfAnothersKey_IsNotFound()
    {
        var (mine, other) = (await gateway.NewCustomerAsync(), await gateway.NewCustomerAsync());
        var key = (await gateway.ReadAsync("api/billing/keys", other.Session)).GetProperty("keys")[0].GetProperty("id").GetInt64();
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.GetAsync($"api/billing/keys/{key}", mine.Session)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.GetAsync($"api/billing/keys/{key}", other.Key)).Status);
    }

    private async Task<JsonElement> PatchAsync(Customer customer, long key, object body)
    {
        using var content = JsonContent.Create(body);
        return (await gateway.Client.SendAsync(HttpMethod.Patch, $"api/billing/keys/{key}", customer.Session, content))
            .Expect(HttpStatusCode.OK);
    }
}
