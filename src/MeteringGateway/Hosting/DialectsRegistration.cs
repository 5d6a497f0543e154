using MeteringGateway.Dialects;
using MeteringGateway.Dialects.Billing;
using MeteringGateway.Dialects.Conduit;
using MeteringGateway.Dialects.Dessert;
using MeteringGateway.Dialects.Kendr;
using MeteringGateway.Dialects.Wren;

namespace MeteringGateway.Hosting;

/// <summary>The five published APIs over the one wallet. They know names and shapes; money is moved by what they call.</summary>
internal static class DialectsRegistration
{
    /// <summary>After everything that they translate.</summary>
    public static IServiceCollection AddDialects(this IServiceCollection services) => services
        .AddSingleton<TestKeyWallet>()
        .AddSingleton<Wallet>()
        .AddSingleton<KendrDashboardReader>()
        .AddSingleton<KendrPurchases>()
        .AddSingleton<ConduitKeyLimits>()
        .AddSingleton<WrenTopUps>()
        .AddSingleton<BillingRewards>()
        .AddSingleton<BillingCheckout>();

    public static IEndpointRouteBuilder MapDialects(this IEndpointRouteBuilder app) =>
        app.MapKendr().MapDessert().MapBilling().MapConduit().MapWren();
}
