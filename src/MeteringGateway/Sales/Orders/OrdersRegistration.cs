using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Movements;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Sales.Orders;

internal static class OrdersRegistration
{
    /// <summary>
    /// After AddCatalog and AddPayments, with an <see cref="ICreditMovements"/> from the engine and an <see cref="IOrderPaid"/>.
    /// </summary>
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton(provider => new CreditPrice(provider.GetRequiredService<IOptions<CreditsOptions>>().Value.Usd))
        .AddSingleton<OrderStore>()
        .AddSingleton<OrderPages>()
        .AddSingleton<PurchaseFlow>()
        .AddSingleton<PurchaseHistory>()
        .AddPayouts<OrderFlow, OrderRow>("Finishing orders");
}
