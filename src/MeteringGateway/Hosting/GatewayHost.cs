using MeteringGateway.Accounts;
using MeteringGateway.Audit;
using MeteringGateway.Authentication;
using MeteringGateway.AutoRecharge;
using MeteringGateway.Catalog;
using MeteringGateway.Configuration;
using MeteringGateway.Credits;
using MeteringGateway.Dialects;
using MeteringGateway.Dialects.Billing;
using MeteringGateway.Edge;
using MeteringGateway.Fallback;
using MeteringGateway.Keys;
using MeteringGateway.Ledger;
using MeteringGateway.Metering;
using MeteringGateway.Notices;
using MeteringGateway.Observability;
using MeteringGateway.OpenApi;
using MeteringGateway.Orders;
using MeteringGateway.Payments.Events;
using MeteringGateway.People;
using MeteringGateway.Requests;
using MeteringGateway.Rewards;
using MeteringGateway.Subscriptions;
using MeteringGateway.Surfaces;

namespace MeteringGateway.Hosting;

/// <summary>Puts the gateway together: which parts there are, and the order in which a request meets them.</summary>
internal static class GatewayHost
{
    /// <exception cref="ConfigurationException">With all that is wrong with the configuration.</exception>
    public static WebApplication Build(IConfigurationRoot configuration)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "MeteringGateway" });
        builder.Configuration.AddConfiguration(configuration);
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddWireJson()
            .AddGatewayOptions(configuration)
            .AddDatabase()
            .AddObservability()
            .AddSingleton<Readiness>()
            .AddEdge()
            .AddSurfaces(configuration)
            .AddHostedService<ReloadAudit>()
            .AddLedger()
            .AddCredits()
            .AddFallback()
            .AddMetering()
            .AddAuthenticationOfKeys()
            .AddAccounts()
            .AddKeys()
            .AddNotices()
            .AddPeople()
            .AddRewards()
            .AddCatalog(configuration)
            .AddPayments()
            .AddOrders()
            .AddSubscriptions()
            .AddAutoRecharge()
            .AddDialects()
            .AddOpenApiDocument();
        builder.AddServer();

        var app = builder.Build();
        app.UseEdge();
        app.UseRouting();
        app.UseKnownQuery();
        app.MapHealth();
        app.MapPrometheus();
        app.MapMeteredCall();
        app.MapKeySelf();
        app.MapMyKeys();
        app.MapMyNotices();
        app.MapPeople();
        app.MapGroup("").WithBillingErrors().MapPayments();
        app.MapDialects();
        var admin = app.MapGroup("/admin").RequireOperator();
        admin.MapAccounts();
        admin.MapAccountSessions();
        admin.MapKeys();
        admin.MapNotices();
        admin.MapSurfaces();
        admin.MapBillingAdmin();
        admin.MapCatalogAdmin();
        admin.MapAudit();
        admin.MapLedger();
        app.MapOpenApiDocument();

        // There are no proxy routes: this loads the providers' clusters and starts their health checks. The chain picks among them.
        app.MapReverseProxy();
        return app;
    }
}
