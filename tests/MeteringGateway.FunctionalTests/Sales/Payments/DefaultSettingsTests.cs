using System.Net;
using System.Net.Http.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Sales.Payments;

/// <summary>A gateway on which nobody has set anything about payments and people: nothing is to be had for nothing.</summary>
public sealed class DefaultSettingsTests
{
    private const string Surfaces = """
        "ReverseProxy": { "Clusters": { "a": { "Destinations": { "a": { "Address": "http://127.0.0.1:1" } } } } },
          "Surfaces": { "search": { "Price": { "Credits": 2 }, "Providers": ["a"] } }
        """;

    [Theory]
    [InlineData("")]
    [InlineData(""", "Payments": { "Stripe": { "WebhookSecret": "whsec_live" } } """)]
    public async Task NothingSet_MoneyAndSignUp_AreClosed(string more)
    {
        await using var stores = await Stores.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(stores, "{" + Surfaces + more + "}");
        var account = await gateway.Client.CreateAccountAsync(5);
        var key = await gateway.Client.CreateKeyAsync(account);
        var package = new { slug = "starter-250", name = "Starter 250", credits = 250, price_cents = 2500 };
        (await gateway.Client.AdminAsync(HttpMethod.Post, "admin/catalog/packages", package)).Expect(HttpStatusCode.Created);
        var urls = new { success_url = "https://example.com/a", cancel_url = "https://example.com/b" };

        foreach (var (path, body) in new (string, object)[]
        {
            ("api/me/purchases", new { package_slug = "starter-250" }),
            ("api/me/purchases", new { package_slug = "no-such-package" }),
            ("api/credits/top-up", new { amountInUsdCents = 10_000_000 }),
            ("payment/create-session",
                new { channel = "stripe", type = "package", package_slug = "starter-250", urls.success_url, urls.cancel_url }),
            ("payment/create-session",
                new { channel = "sandbox", type = "package", package_slug = "starter-250", urls.success_url, urls.cancel_url }),
        })
        {
            var answer = await gateway.Client.SendAsync(HttpMethod.Post, path, key, JsonContent.Create(body), ("X-Sandbox-Payment", "pay"));
            Assert.Equal((path, HttpStatusCode.ServiceUnavailable, "payments_disabled"), (path, answer.Status, answer.Code));
            Assert.Equal("3600", answer.Headers["Retry-After"]);
        }

        var person = new { email = "stranger@example.com", password = "correct horse battery", full_name = "Stranger" };
        var signUp = await gateway.Client.SendAsync(HttpMethod.Post, "api/auth/sign-up", null, JsonContent.Create(person));
        Assert.Equal((HttpStatusCode.Forbidden, "sign_up_closed"), (signUp.Status, signUp.Code));
        Assert.Equal(1, (await gateway.Client.AdminAsync(HttpMethod.Get, "admin/accounts")).ExpectSuccess()
            .GetProperty("accounts").GetArrayLength());
        Assert.Single(await stores.Books.AwaitEntriesAsync(account, 1));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("Payments__Sandbox__Enabled=true", "")]
    [InlineData("People__SignUp=open", "")]
    [InlineData("Payments__Sandbox__Enabled=true;People__SignUp=open", "People:SignUp is open to everybody")]
    [InlineData("Payments__Sandbox__Enabled=true;Payments__Stripe__WebhookSecret=whsec_1", "Payments:Stripe has a live secret")]
    [InlineData("Payments__Sandbox__Enabled=true;Payments__Stripe__WebhookSecret=whsec_1;Payments__Stripe__LiveMode=false", "")]
    [InlineData(
        "Payments__Sandbox__Enabled=true;Payments__Creem__WebhookSecret=c;People__SignUp=open",
        "Payments:Creem has a live secret, and People:SignUp is open")]
    [InlineData("Payments__Sandbox__Enabled=true;People__SignUp=open;Payments__Sandbox__Announced=true", "")]
    [InlineData(
        "Payments__Sandbox__Enabled=true;Payments__Sandbox__Announced=true;Payments__Stripe__WebhookSecret=whsec_1",
        "Payments:Stripe has a live secret")]
    public async Task Sandbox_WhereMoneyIsRealOrAnybodyMayComeIn_IsOneWarning(string settings, string warning)
    {
        await using var stores = await Stores.StartAsync();
        var environment = settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        await using var gateway = await GatewayProcess.StartAsync(stores, "{" + Surfaces + "}", environment);

        var warnings = gateway.Log.Split('\n')
            .Where(line => line.Contains("Payments:Sandbox:Enabled is true", StringComparison.Ordinal)).ToList();
        Assert.Equal(warning.Length > 0 ? 1 : 0, warnings.Count);
        Assert.All(warnings, line => Assert.Contains(warning, line, StringComparison.Ordinal));
        Assert.DoesNotContain("whsec", gateway.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("People__SignUp", "Open", "People:SignUp is 'Open': must be open or closed")]
    [InlineData("People__SignUp", "true", "People:SignUp is 'true': must be open or closed")]
    [InlineData("Payments__Sandbox__Enabled", "yes", "Payments:Sandbox:Enabled is 'yes': must be true or false")]
    public async Task WrongValue_StopsTheStart(string name, string value, string line)
    {
        await using var stores = await Stores.StartAsync();
        await using var gateway = await GatewayProcess.LaunchAsync(
            stores, "{" + Surfaces + "}", new Dictionary<string, string> { [name] = value });

        Assert.NotEqual(0, await gateway.Exited.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains(line, gateway.Log, StringComparison.Ordinal);
    }
}
