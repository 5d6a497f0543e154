using System.Text;
using MeteringGateway.FunctionalTests.Sales.Payments.Creem;
using MeteringGateway.FunctionalTests.Sales.Payments.StripeCharges;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Telemetry;

namespace MeteringGateway.FunctionalTests.Sales.PaymentOperations;

/// <summary>Each request to a payment provider is counted once, by what came of it.</summary>
public sealed class ProviderRequestTests
{
    [Fact]
    public async Task Stripe_PaidDeclinedGoneAndAway_AreToldApart()
    {
        await using var bench = await StripeBench.OpenAsync();
        var registry = bench.Money.Get<PrometheusRegistry>();
        var (account, method) = await bench.AddCustomerAsync();

        await bench.Provider.ChargeAsync(StripeBench.Request(account), default);
        bench.Stripe.Turn(method, "chargeCustomerFail");
        await bench.Provider.ChargeAsync(StripeBench.Request(account, "order:2"), default);
        Assert.True(await bench.Provider.ForgetMethodAsync(method, default));
        Assert.True(await bench.Provider.ForgetMethodAsync("pm_nobody_knows", default));

        var seen = await ReadAsync(registry, "stripe");
        Assert.Equal(
            ["charge declined 1", "charge ok 1"], seen.Where(line => line.StartsWith("charge ", StringComparison.Ordinal)));
        Assert.Contains("forget ok 2", seen);
    }

    [Fact]
    public async Task Stripe_ThatNobodyReaches_IsUnavailable()
    {
        await using var bench = await StripeBench.OpenAsync(address: $"http://127.0.0.1:{LoopbackPort.Free()}");
        var registry = bench.Money.Get<PrometheusRegistry>();

        Assert.Null((await bench.Provider.CheckoutAsync(bench.Page(await bench.Money.AddAccountAsync()), default)).Url);

        var seen = await ReadAsync(registry, "stripe");
        Assert.NotEmpty(seen);
        Assert.All(seen, line => Assert.Contains(" unavailable ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Creem_SaleOnAPage_IsCountedWithoutAnId()
    {
        await using var bench = await CreemBench.OpenAsync();
        var registry = bench.Money.Get<PrometheusRegistry>();

        await bench.BuyAsync(await bench.Money.AddAccountAsync(), await bench.Money.AddPackageAsync());

        Assert.Contains("checkouts ok 1", await ReadAsync(registry, "creem"));
    }

    /// <summary><c>operation outcome number</c>, of what is not 0.</summary>
    private static async Task<IReadOnlyList<string>> ReadAsync(PrometheusRegistry registry, string channel)
    {
        using var text = new MemoryStream();
        await registry.WriteAsync(text, default);
        return
        [
            .. from line in Encoding.UTF8.GetString(text.ToArray()).Split('\n')
               where line.StartsWith(
                   $"metering_payment_provider_requests_total{{channel=\"{channel}\"", StringComparison.Ordinal)
               where !line.EndsWith(" 0", StringComparison.Ordinal)
               let parts = line.Split('"')
               orderby line
               select $"{parts[3]} {parts[5]} {line.Split(' ')[^1]}",
        ];
    }
}
