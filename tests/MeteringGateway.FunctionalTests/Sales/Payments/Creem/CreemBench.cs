using System.Text;
using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Creem;
using MeteringGateway.Sales.Subscriptions;
using MeteringGateway.Testing.Creem;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MeteringGateway.FunctionalTests.Sales.Payments.Creem;

/// <summary>Everything that sells, and a Creem that it sells through, by one clock.</summary>
internal sealed class CreemBench : IAsyncDisposable
{
    private readonly CreemOptions _options;

    private CreemBench(MoneyBench money, CreemDouble creem, CreemOptions options) => (Money, Creem, _options) = (money, creem, options);

    public MoneyBench Money { get; }
    public CreemDouble Creem { get; }
    public IPaymentProvider Provider => Money.Get<IEnumerable<IPaymentProvider>>().Single(one => one.Channel == CreemWebhook.Name);
    public ISubscriptionProvider Subscriptions => (ISubscriptionProvider)Provider;
    public IPaymentHistory History => Money.Get<IEnumerable<IPaymentHistory>>().Single(one => one.Channel == CreemWebhook.Name);

    /// <param name="patience">How long a call waits.</param>
    public static async Task<CreemBench> OpenAsync(TimeSpan? patience = null)
    {
        var options = new CreemOptions { ApiKey = CreemDouble.TestKey, WebhookSecret = CreemDouble.Secret };
        var money = await MoneyBench.OpenAsync(more: services =>
        {
            services.AddSingleton(Options.Create(options));
            if (patience is { } longest)
            {
                services.AddHttpClient(CreemApi.Client, client => client.Timeout = longest);
            }
        });
        var bench = new CreemBench(money, await CreemDouble.StartAsync(time: money.Clock), options);
        bench.MoveTo(bench.Creem);
        return bench;
    }

    /// <summary>From now on the gateway asks this one.</summary>
    public void MoveTo(CreemDouble other, string? key = null) =>
        (_options.ApiBase, _options.ApiKey) = (other.Address, key ?? other.ApiKey);

    public async ValueTask DisposeAsync()
    {
        await Money.DisposeAsync();
        await Creem.DisposeAsync();
    }

    public Task<OrderReply> BuyAsync(long account, PackageRow package, string? key = null) =>
        Money.Checkout.SellPackageAsync(account, package.Id, null, Terms(key), default);

    public static CheckoutTerms Terms(string? key = null) => new(
        CreemWebhook.Name, "https://shop.example/ok?s={CHECKOUT_SESSION_ID}", "https://shop.example/no", "http://gateway",
        IdempotencyKey: key);

    /// <summary>The page's id in Creem's double.</summary>
    public static string PageOf(OrderReply reply) => reply.Order!.PaymentUrl!.Split('/')[^1];

    public async Task<OrderRow> PlacedAsync(OrderReply reply) => await Money.OrderAsync(reply.Order!.Id);

    /// <summary>The clock goes on until an open order is asked for, and it is.</summary>
    public async Task SweepAsync(TimeSpan? later = null)
    {
        Money.Clock.Step(later ?? TimeSpan.FromSeconds(11));
        await Money.SweepAsync();
    }

    /// <summary>Delivers some of what Creem has to tell.</summary>
    public async Task DeliverAsync(IEnumerable<CreemEvent> events, CreemSchemes schemes = CreemSchemes.Both)
    {
        var webhook = Money.Get<IEnumerable<IPaymentWebhook>>().Single(one => one.Channel == CreemWebhook.Name);
        foreach (var told in events)
        {
            var headers = new HeaderDictionary();
            foreach (var (name, value) in CreemSigner.Of(told.Body, CreemDouble.Secret, schemes, told.Id, Money.Clock.GetUtcNow()))
            {
                headers[name] = value;
            }

            var status = await Money.Get<WebhookFlow>()
                .ReceiveAsync(webhook, headers, Encoding.UTF8.GetBytes(told.Body), default);
            Assert.Equal((told.Type, WebhookStatus.Received), (told.Type, status));
        }
    }
}
