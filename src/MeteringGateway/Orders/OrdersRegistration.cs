using MeteringGateway.Credits;
using MeteringGateway.Payouts;
using MeteringGateway.Pricing;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Orders;

internal static class OrdersRegistration
{
    /// <summary>After AddCatalog and AddPayments, with an <see cref="IMoneyIn"/> from the engine and an <see cref="IOrderPaid"/>.</summary>
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton(provider => new CreditPrice(provider.GetRequiredService<IOptions<CreditsOptions>>().Value.Usd))
        .AddSingleton<OrderStore>()
        .AddSingleton<PurchaseFlow>()
        .AddSingleton<PurchaseHistory>()
        .AddPayouts<OrderFlow, OrderRow>("Finishing orders");
}
