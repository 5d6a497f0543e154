using System.Globalization;
using System.Net;
using MeteringGateway.FunctionalTests.Sales.Payments.StripePeers;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Testing;
using Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripeCharges;

/// <summary>
/// The provider against npm's <c>emulate</c>, a server that is not ours, as far as that goes: customers, prices, checkout and its hosted
/// page. The page is fetched and posted over HTTP; it has no script, so that a browser would do no more. It knows no amounts in its
/// sessions, no idempotency and no saved methods, for which there is the double.
/// </summary>
public sealed class StripeEmulateTests(StripePeersFixture peers) : IClassFixture<StripePeersFixture>
{
    [Fact]
    public async Task Page_AtAnotherServer_IsMadeFoundAndPaid()
    {
        using var directory = new TemporaryDirectory();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}");
        await using var server = await StartAsync(directory, address);
        await using var bench = await StripeBench.OpenAsync(address: address);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        await Eventually.TrueAsync(
            async () => await IsThereAsync(http, address), () => System.IO.File.ReadAllText(directory.In("emulate.log")));
        var price = await AddPriceAsync(bench, address);
        var account = await bench.Money.AddAccountAsync();

        var page = await bench.Provider.CheckoutAsync(bench.Page(account, price: price), default);
        var other = await bench.Provider.CheckoutAsync(bench.Page(account, "order:2", price: price), default);
        var lookup = bench.Lookup(account, isHosted: true);
        Assert.Equal(
            (PaymentStatus.Pending, PaymentStatus.Pending, PaymentStatus.Pending),
            (page.Status, other.Status, (await bench.Provider.FindAsync(lookup, default)).Status));

        // It calls itself localhost, which may be another address family than the one it is asked on.
        var shown = new Uri(new Uri(address), new Uri(page.Url!).AbsolutePath);
        Assert.Contains("$25.00", await http.GetStringAsync(shown), StringComparison.Ordinal);
        using var paid = await http.PostAsync(new Uri(shown.AbsoluteUri + "/complete"), null);

        Assert.Equal(HttpStatusCode.Found, paid.StatusCode);
        Assert.Equal($"https://shop.example/ok?s={page.CheckoutId}", paid.Headers.Location?.OriginalString);
        Assert.Equal(PaymentStatus.Paid, (await bench.Provider.FindAsync(lookup, default)).Status);
        Assert.Equal(PaymentStatus.Paid, (await bench.Provider.FindAsync(lookup with { CheckoutId = page.CheckoutId }, default)).Status);
        Assert.Equal(PaymentStatus.Pending, (await bench.Provider.FindAsync(lookup with { Reference = "order:2" }, default)).Status);
        Assert.Equal(1, await bench.Money.ScalarAsync<long>("select count(*) from payment_customers"));

        // What it does not have is no answer of Stripe's: not now, and no exception.
        Assert.Null(await bench.Provider.PortalAsync(new PortalRequest(account, "https://shop.example/", "https://g.example"), default));
        Assert.Null(await bench.Provider.FindSubscriptionAsync("sub_1", default));
    }

    /// <summary>It listens on all interfaces, and so no longer than the test needs it.</summary>
    private Task<ChildServer> StartAsync(TemporaryDirectory directory, string address) => ChildServer.StartAsync(
        new ChildServerStart(
            "emulate",
            [
                ShellCommand.Find("node") ?? throw new InvalidOperationException("node is missing; ./test installs it."),
                peers.Emulator, "start", "--service", "stripe", "--port",
                new Uri(address).Port.ToString(CultureInfo.InvariantCulture),
            ])
        {
            WorkingDirectory = directory.Path,
            LogFile = directory.In("emulate.log"),
            Grace = TimeSpan.FromSeconds(2),
        },
        TimeProvider.System,
        CancellationToken.None);

    private static async Task<bool> IsThereAsync(HttpClient http, string address)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address + "/v1/customers"));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string> AddPriceAsync(StripeBench bench, string address)
    {
        var client = new StripeClient(new StripeClientOptions { ApiKey = bench.Stripe.ApiKey, ApiBase = address }).V1;
        var product = await client.Products.CreateAsync(new() { Name = "Credits" });
        return (await client.Prices.CreateAsync(new() { Product = product.Id, UnitAmount = 2500, Currency = "usd" })).Id;
    }
}
