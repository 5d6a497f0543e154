using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Accounts.Keys;
using MeteringGateway.Accounts.LedgerOperations;
using MeteringGateway.Accounts.Notices;
using MeteringGateway.Accounts.Operators;
using MeteringGateway.Accounts.Overview;
using MeteringGateway.Accounts.People;
using MeteringGateway.Accounts.SurfaceOperations;
using MeteringGateway.Accounts.Usage;
using MeteringGateway.Calls.History;
using MeteringGateway.Calls.Metering;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using MeteringGateway.Dialects.Billing;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Edge;
using MeteringGateway.Http.InnerCalls;
using MeteringGateway.Http.Management;
using MeteringGateway.Http.OpenApi;
using MeteringGateway.Http.Requests;
using MeteringGateway.Mcp;
using MeteringGateway.Sales.AutoRecharge;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;
using MeteringGateway.Sales.PaymentOperations;
using MeteringGateway.Sales.Reversals;
using MeteringGateway.Sales.Rewards;
using MeteringGateway.Sales.SavedMethods;
using MeteringGateway.Sales.Subscriptions;
using MeteringGateway.Telemetry;
using MeteringGateway.WebConsole;

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
            .AddConsoleDatabase()
            .AddTelemetry()
            .AddSingleton<Readiness>()
            .AddSingleton<StatusReader>()
            .AddSingleton<StartReport>()
            .AddEdge()
            .AddSingleton<InnerCalls>()
            .AddMcp()
            .AddSurfaces(configuration)
            .AddHostedService<ReloadAudit>()
            .AddLedger()
            .AddEngine()
            .AddProviders()
            .AddMetering()
            .AddCallHistory()
            .AddCredentials()
            .AddAccounts()
            .AddOperators()
            .AddKeys()
            .AddNotices()
            .AddUsage()
            .AddSingleton<OverviewReader>()
            .AddPeople()
            .AddRewards()
            .AddCatalog(configuration)
            .AddPayments()
            .AddSavedMethods()
            .AddPaymentOperations()
            .AddOrders()
            .AddReversals()
            .AddSubscriptions()
            .AddAutoRecharge()
            .AddDialects()
            .AddConsole()
            .AddOpenApiDocument();
        builder.AddServer();
        builder.AddExport();
        builder.Services.AddManagementServer();

        var app = builder.Build();
        app.UseRouteLookup();
        app.UseEdge();
        app.UseMeteredCall();

        // What the metered call does not need stands behind it. Authorization is named here, or the framework would put it in front of all.
        app.UseRouting();
        app.UseAuthorization();
        app.UseKnownQuery();
        var management = app.MapGroup("").WithMetadata(ManagementEndpoint.Instance);
        management.MapHealth();
        management.MapPrometheus();
        management.MapOpenApiDocument();
        app.MapMeteredCall();
        app.MapKeySelf();
        app.MapMyLedger();
        app.MapCallHistory();
        app.MapMyKeys();
        app.MapMyNotices();
        app.MapMyUsage();
        app.MapMyOverview();
        app.MapPeople();
        app.MapGroup("").WithBillingErrors().MapPayments();
        app.MapSavedMethods();
        app.MapMyDebts();
        app.MapDialects();
        app.MapConsole();
        app.MapMcpServer();
        var admin = management.MapGroup("/admin").RequireOperator();
        admin.MapOperators();
        admin.MapAccounts();
        admin.MapAccountSessions();
        admin.MapKeys();
        admin.MapNotices();
        admin.MapUsage();
        admin.MapSurfaces();
        admin.MapBillingAdmin();
        admin.MapCatalogAdmin();
        admin.MapPaymentOperations();
        admin.MapDebts();
        admin.MapAudit();
        admin.MapLedger();
        admin.MapStatus();
        management.MapOperatorConsole();

        app.Services.GetRequiredService<OwnRoutes>().Take(app, app.Services.GetRequiredService<SurfaceSource>().Current);

        // There are no proxy routes: this loads the providers' clusters and starts their health checks. The chain picks among them.
        app.MapReverseProxy();
        app.Services.GetRequiredService<InnerCalls>().Take(app);
        app.Services.GetRequiredService<ManagementServer>().Serve(app);
        return app;
    }
}
