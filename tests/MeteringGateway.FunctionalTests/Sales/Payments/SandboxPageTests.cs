using System.Net;
using System.Text.Json;
using MeteringGateway.FunctionalTests.Dialects;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Sales.Payments;

/// <summary>The page on which a customer pays in the sandbox: only a button that is pressed pays.</summary>
[Collection(DialectTestGroup.Name)]
public sealed class SandboxPageTests(DialectGateway gateway)
{
    private const string Success = "https://shop.example.com/done?ok=1";
    private const string Cancel = "https://other.example.com/back";

    [Fact]
    public async Task Get_HeadAndPrefetch_ShowThePriceAndNeverPay()
    {
        var (customer, page, _) = await OpenAsync();

        for (var i = 0; i < 3; i++)
        {
            var shown = await gateway.GetAsync(page, null, ("Sec-Purpose", "prefetch;prerender"));
            Assert.Equal(HttpStatusCode.OK, shown.Status);
            Assert.Contains("25.00 USD", shown.Text, StringComparison.Ordinal);
            Assert.Contains("Package Starter 250", shown.Text, StringComparison.Ordinal);
            Assert.Contains("https://shop.example.com", shown.Text, StringComparison.Ordinal);
            Assert.Contains("""<button type="submit" name="action" value="pay">""", shown.Text, StringComparison.Ordinal);
            Assert.Contains("""<button type="submit" name="action" value="decline">""", shown.Text, StringComparison.Ordinal);
            Assert.StartsWith("text/html", shown.Headers["Content-Type"], StringComparison.Ordinal);
            Assert.Equal("no-store", shown.Headers["Cache-Control"]);
            var policy = shown.Headers["Content-Security-Policy"];
            Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
            Assert.Contains("form-action 'self' https://shop.example.com https://other.example.com;", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        }

        await gateway.Client.SendAsync(HttpMethod.Head, page, null, null);
        await gateway.GetAsync(page + "?action=pay", null);
        Assert.Equal(0, await BalanceAsync(customer));
        Assert.Equal("pending", (await OrdersAsync(customer))[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Pay_PressedManyTimesAtOnce_CreditsOnceAndLeadsOn()
    {
        var (customer, page, _) = await OpenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PressAsync(page, "action=pay")));
        answers = [.. answers, await PressAsync(page, "action=pay"), await PressAsync(page, "action=decline")];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.SeeOther, Success), (answer.Status, answer.Headers["Location"])));
        Assert.Equal(250, await BalanceAsync(customer));
        Assert.Contains("This payment is paid", (await gateway.GetAsync(page, null)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decline_Pressed_GivesNothingAndStaysSo()
    {
        var (customer, page, _) = await OpenAsync();

        var answers = new[] { await PressAsync(page, "action=decline"), await PressAsync(page, "action=pay") };

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.SeeOther, Cancel), (answer.Status, answer.Headers["Location"])));
        Assert.Equal(0, await BalanceAsync(customer));
        Assert.Equal("declined", (await OrdersAsync(customer))[0].GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("", "application/x-www-form-urlencoded", 400)]
    [InlineData("action=PAY", "application/x-www-form-urlencoded", 400)]
    [InlineData("action=pay&action=decline", "application/x-www-form-urlencoded", 400)]
    [InlineData("action=pay%00", "application/x-www-form-urlencoded", 400)]
    [InlineData("""{"action":"pay"}""", "application/json", 415)]
    [InlineData("action=pay", "text/plain", 415)]
    public async Task Post_ThatIsNotTheForm_ChangesNothing(string body, string type, int status)
    {
        var (customer, page, _) = await OpenAsync();
        Assert.Equal(status, (int)(await PressAsync(page, body, type)).Status);
        Assert.Equal(0, await BalanceAsync(customer));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 303)]
    [InlineData("Origin", "{own}", 303)]
    public async Task Post_FromAnotherSite_IsRefused(string header, string value, int status)
    {
        var (customer, page, _) = await OpenAsync();
        Assert.Equal(status, (int)(await PressAsync(page, "action=pay", headers: (
            header, value.Replace("{own}", gateway.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)))).Status);
        Assert.Equal(status == 303 ? 250 : 0, await BalanceAsync(customer));
    }

    [Theory]
    [InlineData("https://shop.example.com/ü?x={CHECKOUT_SESSION_ID}", "https://shop.example.com/%C3%BC?x=sandbox_")]
    [InlineData("https://bücher.example/ok", "https://xn--bcher-kva.example/ok")]
    [InlineData("http://127.0.0.1:9/x#y", "http://127.0.0.1:9/x#y")]
    public async Task ReturnAddress_OfAnyScript_IsSentAsAscii(string success, string location)
    {
        var (_, page, _) = await OpenAsync(success: success);
        Assert.StartsWith(location, (await PressAsync(page, "action=pay")).Headers["Location"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("//evil.example")]
    [InlineData("/relative")]
    [InlineData("https://good.example\\@evil.example/")]
    [InlineData("https://good.example@evil.example/")]
    [InlineData("https://good.example/ evil")]
    [InlineData("data:text/html,x")]
    [InlineData("https://")]
    public async Task ReturnAddress_ThatIsNoPageOfTheWeb_IsRefused(string success)
    {
        var customer = await gateway.NewCustomerAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await CreateAsync(customer, success)).Status);
        Assert.Empty(await OrdersAsync(customer));
    }

    [Fact]
    public async Task Page_OfNoPayment_IsNotThere()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.GetAsync("payment/sandbox/sandbox_0", null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PressAsync("payment/sandbox/sandbox_0", "action=pay")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PressAsync("payment/sandbox/%01", "action=pay")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.GetAsync("payment/sandbox/%00", null)).Status);
    }

    [Fact]
    public async Task Session_SentTwiceWithOneKey_IsOneOrderAndOnePage()
    {
        var customer = await gateway.NewCustomerAsync();
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CreateAsync(customer, Success, key)));
        Assert.Single(answers.Select(answer => answer.Expect(HttpStatusCode.OK).GetProperty("data").GetRawText()).Distinct());
        Assert.Equal(7, answers.Count(answer => answer.Headers.ContainsKey("Idempotent-Replayed")));
        Assert.Single(await OrdersAsync(customer));

        foreach (var other in new[]
        {
            await CreateAsync(customer, Success + "2", key),
            await gateway.PostAsync("api/me/purchases", customer.Session, new { package_slug = "starter-250" }, key),
            await gateway.PostAsync("api/credits/top-up", customer.Session, new { amountInUsdCents = 2500 }, key),
            await gateway.PostAsync("payment/create-session", customer.Session, Subscription(), key),
        })
        {
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_mismatch"), (other.Status, other.Code));
        }

        // Paid since: the repeat still gets what the first one got, and pays nothing again.
        await PressAsync(Page(answers[0]), "action=pay");
        var late = await CreateAsync(customer, Success, key);
        Assert.Equal(answers[0].Json.GetProperty("data").GetRawText(), late.Expect(HttpStatusCode.OK).GetProperty("data").GetRawText());
        Assert.Equal((1, 250), ((await OrdersAsync(customer)).Count, await BalanceAsync(customer)));

        // Somebody else's key of the same name is another key.
        var stranger = await gateway.NewCustomerAsync();
        Assert.NotEqual(Page(answers[0]), Page(await CreateAsync(stranger, Success, key)));
    }

    [Fact]
    public async Task Subscription_SentTwiceWithOneKey_IsOneOrder()
    {
        var customer = await gateway.NewCustomerAsync();
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => gateway.PostAsync("payment/create-session", customer.Session, Subscription(), key)));
        await PressAsync(Page(answers[0]), "action=pay");
        answers = [.. answers, await gateway.PostAsync("payment/create-session", customer.Session, Subscription(), key)];

        Assert.Single(answers.Select(answer => answer.Expect(HttpStatusCode.OK).GetProperty("data").GetRawText()).Distinct());
        Assert.Equal((1, 10_000), ((await OrdersAsync(customer)).Count, await BalanceAsync(customer)));
    }

    [Theory]
    [InlineData("JPY", 3000, "3000 JPY")]
    [InlineData("KWD", 1250, "1.250 KWD")]
    [InlineData("EUR", 5, "0.05 EUR")]
    public async Task Page_OfAnyCurrency_ShowsItsOwnUnit(string currency, long price, string shown)
    {
        var slug = $"p-{Guid.NewGuid():N}";
        var package = new { slug, name = "<b>A & B</b>", credits = 10, price_cents = price, currency };
        (await gateway.Client.AdminAsync(HttpMethod.Post, "admin/catalog/packages", package)).Expect(HttpStatusCode.Created);
        var (customer, page, _) = await OpenAsync(slug);

        var text = (await gateway.GetAsync(page, null)).Text;
        Assert.Contains(shown, text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>A", text, StringComparison.Ordinal);
        await PressAsync(page, "action=pay");
        var usage = (await gateway.ReadAsync("v1/usage", customer.Key)).GetProperty("recent_transactions")[0];
        Assert.Equal((10, JsonValueKind.Null), (usage.GetProperty("credits_delta").GetInt64(), usage.GetProperty("usd_amount").ValueKind));
    }

    private object Subscription() =>
        new { channel = "stripe", type = "subscription", plan_id = gateway.PlanId, success_url = Success, cancel_url = Cancel };

    private async Task<(Customer Customer, string Page, JsonElement Session)> OpenAsync(
        string slug = "starter-250", string success = Success)
    {
        var customer = await gateway.NewCustomerAsync();
        var answer = await CreateAsync(customer, success, slug: slug);
        return (customer, Page(answer), answer.Expect(HttpStatusCode.OK));
    }

    private Task<GatewayAnswer> CreateAsync(Customer customer, string success, (string, string)? key = null, string slug = "starter-250") =>
        gateway.PostAsync(
            "payment/create-session", customer.Session,
            new { channel = "stripe", type = "package", package_slug = slug, success_url = success, cancel_url = Cancel },
            key is { } given ? [given] : []);

    private static string Page(GatewayAnswer answer) =>
        new Uri(answer.Expect(HttpStatusCode.OK).GetProperty("data").GetProperty("redirect_url").GetString()!).AbsolutePath.TrimStart('/');

    private Task<GatewayAnswer> PressAsync(
        string page, string form, string type = "application/x-www-form-urlencoded", params (string Name, string Value)[] headers) =>
        gateway.Client.SendAsync(HttpMethod.Post, page, null, new StringContent(form, System.Text.Encoding.UTF8, type), headers);

    private async Task<long> BalanceAsync(Customer customer) =>
        (await gateway.ReadAsync("credits/balance", customer.Session)).GetProperty("data").GetProperty("balance").GetInt64();

    private async Task<IReadOnlyList<JsonElement>> OrdersAsync(Customer customer) =>
        [.. (await gateway.ReadAsync("orders", customer.Session)).GetProperty("data").EnumerateArray()];
}
