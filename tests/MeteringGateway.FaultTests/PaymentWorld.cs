using System.Net;
using System.Net.Http.Json;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Creem;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.FaultTests;

/// <summary>
/// A gateway that sells through doubles of Stripe and of Creem: what they have really been paid is known there, what was credited in the
/// ledger. One account, with a card at Stripe.
/// </summary>
internal sealed class PaymentWorld : IAsyncDisposable
{
    private const string StripeSecret = "whsec_of_the_kills";
    private static readonly object s_config = new
    {
        ReverseProxy = new
        {
            Clusters = new Dictionary<string, object> { ["a"] = new { Destinations = new { a = new { Address = "http://127.0.0.1:1" } } } },
        },
        Surfaces = new Dictionary<string, object> { ["search"] = new { Price = new { Credits = 2 }, Providers = new[] { "a" } } },
    };

    private readonly Stores _stores;
    private GatewayProcess? _gateway;
    private volatile bool _isCut;
    private string _key = "";

    private PaymentWorld(Stores stores, StripeDouble stripe, CreemDouble creem) => (_stores, Stripe, Creem) = (stores, stripe, creem);

    public StripeDouble Stripe { get; }
    public CreemDouble Creem { get; }
    public GatewayProcess Gateway => _gateway!;
    public Books Books => _stores.Books;
    public long Account { get; private set; }

    public static async Task<PaymentWorld> StartAsync()
    {
        var world = new PaymentWorld(await Stores.StartAsync(), await StripeDouble.StartAsync(), await CreemDouble.StartAsync());
        await world.RestartAsync(null);
        world.Account = await world.Gateway.Client.CreateAccountAsync();
        world._key = await world.Gateway.Client.CreateKeyAsync(world.Account);
        var package = new { slug = "starter", name = "Starter", credits = 250, price_cents = 2500 };
        (await world.Gateway.Client.AdminAsync(HttpMethod.Post, "admin/catalog/packages", package)).Expect(HttpStatusCode.Created);

        world.Tell(true);
        var setup = await world.SessionAsync("stripe", "setup-card", "setup");
        var code = world.Stripe.Complete(PageIn(setup!));
        await world.Stripe.SettledAsync();
        var methods = await world.SendAsync(HttpMethod.Get, "api/me/payment-methods", null, null);
        return code is null && methods!.ExpectSuccess().GetProperty("payment_methods").GetArrayLength() == 1
            ? world
            : throw new InvalidOperationException($"No card was saved: {code} {methods!.Text}");
    }

    /// <summary>
    /// Ends what runs, and starts a gateway that dies as it is told. False: that one died before it was alive, and another runs that does
    /// not.
    /// </summary>
    public async Task<bool> RestartAsync(string? fault)
    {
        if (_gateway is not null)
        {
            await _gateway.EndAsync();
        }

        _isCut = false;
        var environment = new Dictionary<string, string>
        {
            ["Payments__Stripe__ApiKey"] = Stripe.ApiKey,
            ["Payments__Stripe__ApiBase"] = Stripe.Address,
            ["Payments__Stripe__WebhookSecret"] = StripeSecret,
            ["Payments__Creem__ApiKey"] = Creem.ApiKey,
            ["Payments__Creem__ApiBase"] = Creem.Address,
            ["Payments__Creem__WebhookSecret"] = CreemDouble.Secret,
        };
        if (fault is not null)
        {
            environment["METERING_FAULT"] = fault;
        }

        try
        {
            _gateway = await GatewayProcess.StartAsync(_stores, s_config, environment);
            return true;
        }
        catch (InvalidOperationException) when (fault is not null)
        {
            // It died while it finished what the one before had left, which is one of the moments that are wanted.
            environment.Remove("METERING_FAULT");
            _gateway = await GatewayProcess.StartAsync(_stores, s_config, environment);
            return false;
        }
    }

    /// <summary>Whether the gateway has died. Its clients may know before the system says so.</summary>
    public async Task<bool> HasDiedAsync()
    {
        if (_isCut)
        {
            await Gateway.Exited.WaitAsync(TimeSpan.FromSeconds(30));
        }

        return Gateway.Exited.IsCompleted;
    }

    /// <summary>Whether what happens from now on is told to the gateway that runs, or to nobody.</summary>
    public void Tell(bool isTold, int times = 1)
    {
        Stripe.Webhook = isTold ? new StripeWebhookTarget(new Uri(Gateway.Address, "payment/webhook/stripe"), StripeSecret, times) : null;
        Creem.Webhooks.DeliverTo = isTold ? new Uri(Gateway.Address, "payment/webhook/creem") : null;
        Creem.Webhooks.Times = _ => times;
    }

    /// <summary>The page on which it is paid, or saved. Null: there is none, or the gateway died.</summary>
    public async Task<string?> SessionAsync(string channel, string key, string type = "package")
    {
        var body = new Dictionary<string, object>
        {
            ["channel"] = channel,
            ["type"] = type,
            ["success_url"] = "https://shop.example/ok",
            ["cancel_url"] = "https://shop.example/no",
        };
        if (type == "package")
        {
            body["package_slug"] = "starter";
        }

        var answer = await SendAsync(HttpMethod.Post, "payment/create-session", key, JsonContent.Create(body));
        return answer is { Status: HttpStatusCode.OK } ? answer.Json.GetProperty("data").GetProperty("redirect_url").GetString() : null;
    }

    /// <summary>Charges the card on file; false: the gateway died, or does not know.</summary>
    public async Task<bool> TopUpAsync(string key) => await SendAsync(
        HttpMethod.Post, "api/credits/top-up", key, JsonContent.Create(new { amountInUsdCents = 2500 })) is { Status: HttpStatusCode.OK };

    /// <summary>The customer pays on the page, if that is still to be done.</summary>
    public void Pay(string url)
    {
        if (url.StartsWith(Creem.Address, StringComparison.Ordinal))
        {
            Creem.Shop.Pay(PageIn(url));
        }
        else
        {
            Stripe.Complete(PageIn(url));
        }
    }

    /// <summary>The references of the orders under which money was really taken, once for each time.</summary>
    public IReadOnlyList<string> Paid() =>
    [
        .. Stripe.Ledger().Select(payment => payment.Metadata["order"]),
        .. Creem.Shop.Payments.Select(payment => Creem.Shop.CheckoutOf(payment)!.Reference!),
    ];

    public async Task<int> CreditsAsync() => (await Books.EntriesAsync(Account)).Count;

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.EndAsync();
        }

        await Stripe.DisposeAsync();
        await Creem.DisposeAsync();
        await _stores.DisposeAsync();
    }

    /// <summary>Creem's are ch_…, Stripe's cs_….</summary>
    private static string PageIn(string url) =>
        url.Split('/', '?', '#').Last(part => part.StartsWith('c') && part.Contains('_', StringComparison.Ordinal));

    /// <summary>Null: the gateway died.</summary>
    private async Task<GatewayAnswer?> SendAsync(HttpMethod method, string path, string? key, HttpContent? content)
    {
        try
        {
            return key is null
                ? await Gateway.Client.SendAsync(method, path, _key, content)
                : await Gateway.Client.SendAsync(method, path, _key, content, ("Idempotency-Key", key));
        }
        catch (Exception broke) when (broke is HttpRequestException or System.Net.Sockets.SocketException)
        {
            _isCut = true;
            return null;
        }
    }
}
