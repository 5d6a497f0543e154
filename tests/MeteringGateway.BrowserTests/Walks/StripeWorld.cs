using System.Net;
using MeteringGateway.BrowserTests.Harness;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.BrowserTests.Walks;

/// <summary>A gateway whose customers pay on pages of another origin: a double of Stripe's.</summary>
public sealed class StripeWorld : IAsyncLifetime
{
    private const string WebhookSecret = "whsec_gateway";

    private Stores? _stores;
    private StripeDouble? _stripe;
    private GatewayProcess? _gateway;

    public Stores Stores => _stores!;
    public StripeDouble Stripe => _stripe!;
    public GatewayProcess Gateway => _gateway!;

    public async Task InitializeAsync()
    {
        (_stores, _stripe) = (await Stores.StartAsync(), await StripeDouble.StartAsync());
        _gateway = await GatewayProcess.StartAsync(
            Stores,
            new
            {
                ReverseProxy = new { Clusters = new { a = new { Destinations = new { a = new { Address = "http://127.0.0.1:1" } } } } },
                Surfaces = new { search = new { Price = new { Credits = 2 }, Providers = new[] { "a" } } },
                Payments = new { Stripe = new { Stripe.ApiKey, ApiBase = Stripe.Address, WebhookSecret } },
            },
            new Dictionary<string, string> { ["People__SignUp"] = "open", ["People__PasswordIterations"] = "10000" });
        Stripe.Webhook = new StripeWebhookTarget(new Uri(Gateway.Address, "payment/webhook/stripe"), WebhookSecret);
        (await Gateway.Client.AdminAsync(
            HttpMethod.Post, "admin/catalog/packages", new { slug = "pack", name = "Pack", credits = 2500, price_cents = 2500 }))
            .Expect(HttpStatusCode.Created);
    }

    public async Task DisposeAsync()
    {
        Stripe.Webhook = null;
        await Gateway.DisposeAsync();
        await Stripe.DisposeAsync();
        await Stores.DisposeAsync();
    }

    internal async Task<WatchedPage> VisitAsync(bool isScripted)
    {
        var visit = await WatchedPage.OpenAsync(Gateway, isScripted, Stripe.Address);
        await visit.GoAsync("/console/sign-up");
        await visit.Page.GetByLabel("Name").FillAsync("Ada Lovelace");
        await visit.Page.GetByLabel("Email").FillAsync($"{Guid.NewGuid():N}@example.com");
        await visit.Page.GetByLabel("Password").FillAsync(ConsoleWorld.Password);
        await visit.PressAsync("Open an account");
        await visit.Page.WaitForURLAsync("**/console");
        await visit.GoAsync("/console/credits");
        return visit;
    }
}
