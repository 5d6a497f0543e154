using System.Net;
using System.Text.Json;

namespace MeteringGateway.FunctionalTests.Dialects;

[Collection(DialectTestGroup.Name)]
public sealed class KendrTests(DialectGateway gateway)
{
    private const string Dashboard =
        """{"ok":true,"user":{"id":12,"email":"user@example.com","full_name":"Example User","credit_balance":250},"packages":[],"api_keys":[],"purchases":[],"ledger":[],"surfaces":[]}""";
    private const string Package =
        """{"id":3,"slug":"starter-250","name":"Starter 250","description":"","credits":250,"price_cents":2500,"currency":"USD","sort_order":1}""";
    private const string Receipt = """
        {"ok":true,"purchase_id":18,"balance_after":250,"package":{"id":3,"slug":"starter-250","name":"Starter 250","credits":250,"price_cents":2500,"currency":"USD"},"created_at":"2026-04-24T00:00:00Z"}
        """;

    [Theory]
    [InlineData("X-Kendr-Session", "")]
    [InlineData("X-Session", "")]
    [InlineData("Authorization", "Bearer ")]
    public async Task Dashboard_WithASession_HasTheDocumentedShape(string header, string scheme)
    {
        var customer = await gateway.NewCustomerAsync(250);

        var answer = (await gateway.GetAsync("api/me/dashboard", null, (header, scheme + customer.Session))).Expect(HttpStatusCode.OK);

        Shape.Matches(Dashboard, answer);
        Assert.Equal(
            (customer.Account, 250),
            (answer.GetProperty("user").GetProperty("id").GetInt64(), answer.GetProperty("user").GetProperty("credit_balance").GetInt64()));
        Assert.Equal(
            ["ad", "chat", "search"],
            answer.GetProperty("surfaces").EnumerateArray().Select(surface => surface.GetProperty("slug").GetString()));
        Assert.Equal(2, answer.GetProperty("api_keys").GetArrayLength());
        Assert.All(answer.GetProperty("packages").EnumerateArray(), package => Shape.Matches(Package, package));
    }

    [Fact]
    public async Task Catalog_WithoutCredentials_ShowsPackages()
    {
        var catalog = (await gateway.GetAsync("api/catalog", null)).Expect(HttpStatusCode.OK);

        Shape.Matches($$"""{"ok":true,"packages":[{{Package}}]}""", catalog);
        var package = catalog.GetProperty("packages").EnumerateArray().Single(one => one.GetProperty("id").GetInt64() == gateway.PackageId);
        Assert.Equal(("starter-250", 2500, 3), (
            package.GetProperty("slug").GetString(), package.GetProperty("price_cents").GetInt32(),
            package.GetProperty("sort_order").GetInt32()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Purchase_ByIdOrSlug_GivesTheDocumentedReceiptAndTheCredits(bool byId)
    {
        var customer = await gateway.NewCustomerAsync();
        object wanted = byId ? new { package_id = gateway.PackageId } : new { package_slug = "starter-250" };

        var receipt = (await gateway.PostAsync("api/me/purchases", null, wanted, ("X-Kendr-Session", customer.Session)))
            .Expect(HttpStatusCode.OK);

        Shape.Matches(Receipt, receipt);
        Assert.Equal(250, receipt.GetProperty("balance_after").GetInt64());
        Assert.Equal(gateway.PackageId, receipt.GetProperty("package").GetProperty("id").GetInt64());
        var dashboard = await gateway.ReadAsync("api/me/dashboard", customer.Session);
        Assert.Equal(250, dashboard.GetProperty("user").GetProperty("credit_balance").GetInt64());
        var purchase = dashboard.GetProperty("purchases")[0];
        Assert.Equal(
            (receipt.GetProperty("purchase_id").GetInt64(), "starter-250", "Starter 250"),
            (
                purchase.GetProperty("id").GetInt64(), purchase.GetProperty("package_slug").GetString(),
                purchase.GetProperty("package_name").GetString()));
        Assert.Equal(
            purchase.GetProperty("external_reference").GetString(), dashboard.GetProperty("ledger")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Ledger_AfterPurchaseAndUsage_HasBothTypesWithTheirSigns()
    {
        var customer = await gateway.NewCustomerAsync();
        await gateway.PostAsync("api/me/purchases", customer.Session, new { package_id = gateway.PackageId });
        var charged = await gateway.Client.QueryAsync(customer.Key, new { surface = "search" });

        var dashboard = await gateway.ReadAsync("api/me/dashboard", customer.Key);

        var ledger = dashboard.GetProperty("ledger").EnumerateArray().Select(Line).ToList();
        Assert.Equal([("usage", -2L, 248L), ("purchase", 250L, 250L)], ledger);
        Assert.Equal(charged.RemainingCredits, dashboard.GetProperty("user").GetProperty("credit_balance").GetInt64());
    }

    [Fact]
    public async Task Purchase_SentTwiceWithOneKey_IsOneOrder()
    {
        var customer = await gateway.NewCustomerAsync();
        (string, string) key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var answers = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => gateway.PostAsync("api/me/purchases", customer.Session, new { package_slug = "starter-250" }, key)));

        Assert.Single(answers.Where(answer => answer.Status == HttpStatusCode.OK)
            .Select(answer => answer.Json.GetProperty("purchase_id").GetInt64()).Distinct());
        var repeat = await gateway.PostAsync("api/me/purchases", customer.Session, new { package_slug = "starter-250" }, key);
        Assert.Equal(("true", HttpStatusCode.OK), (repeat.Headers["Idempotent-Replayed"], repeat.Status));
        Assert.Equal(250, (await gateway.ReadAsync("credits/balance", customer.Key)).GetProperty("data").GetProperty("balance").GetInt64());
        await gateway.Client.AdminAsync(
            HttpMethod.Post, "admin/catalog/packages", new { slug = "other-1", name = "Other", credits = 1, price_cents = 100 });
        var other = await gateway.PostAsync("api/me/purchases", customer.Session, new { package_slug = "other-1" }, key);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_mismatch"), (other.Status, other.Code));
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("[]", 400)]
    [InlineData("{", 400)]
    [InlineData("""{"package_id":"3"}""", 400)]
    [InlineData("""{"package_id":0}""", 400)]
    [InlineData("""{"package_id":999999}""", 404)]
    [InlineData("""{"package_slug":"no-such"}""", 404)]
    public async Task Purchase_OfNothingThatIsSold_IsRefused(string body, int status)
    {
        var customer = await gateway.NewCustomerAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await gateway.Client.SendAsync(HttpMethod.Post, "api/me/purchases", customer.Session, content);
        Assert.Equal(status, (int)answer.Status);
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("decline", 402, 0)]
    [InlineData("pending", 202, 0)]
    [InlineData("nonsense", 400, 0)]
    public async Task Purchase_NotPaid_GivesNoCredits(string mode, int status, long balance)
    {
        var customer = await gateway.NewCustomerAsync();
        var answer = await gateway.PostAsync(
            "api/me/purchases", customer.Session, new { package_slug = "starter-250" }, ("X-Sandbox-Payment", mode));
        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(
            balance, (await gateway.ReadAsync("credits/balance", customer.Key)).GetProperty("data").GetProperty("balance").GetInt64());
    }

    [Fact]
    public async Task TestKey_Everywhere_SeesTheSandboxAndBuysNothing()
    {
        var customer = await gateway.NewCustomerAsync(7);
        Shape.Matches(Dashboard, await gateway.ReadAsync("api/me/dashboard", customer.TestKey));
        Shape.Matches(Receipt, (await gateway.PostAsync("api/me/purchases", customer.TestKey, new { package_slug = "starter-250" }))
            .Expect(HttpStatusCode.OK));
        Assert.Equal(10_000, (await gateway.ReadAsync("v1/balance", customer.TestKey)).GetProperty("credits_balance").GetInt64());
        Assert.Equal(7, (await gateway.ReadAsync("v1/balance", customer.Key)).GetProperty("credits_balance").GetInt64());
    }

    private static (string, long, long) Line(JsonElement entry) =>
        (
            entry.GetProperty("entry_type").GetString()!, entry.GetProperty("credits_delta").GetInt64(),
            entry.GetProperty("balance_after").GetInt64());
}
