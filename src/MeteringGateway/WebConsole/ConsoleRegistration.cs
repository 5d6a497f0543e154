using MeteringGateway.Http.Management;
using MeteringGateway.WebConsole.Account;
using MeteringGateway.WebConsole.Account.Usage;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Forms;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Visits;
using MeteringGateway.WebConsole.Operation;
using MeteringGateway.WebConsole.SignIn;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeteringGateway.WebConsole;

internal static class ConsoleRegistration
{
    /// <summary>After AddSurfaces, AddPeople and AddPayments.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        // The proxy was given keys that no other gateway has; form tokens must be those of all. Nothing of the proxy signs anything here.
        services.RemoveAll<IDataProtectionProvider>();
        services.AddDataProtection().SetApplicationName("metering-gateway");
        services.AddSingleton<IXmlRepository, FormKeyRing>();
        services.AddOptions<KeyManagementOptions>().Configure<IXmlRepository>((options, ring) => options.XmlRepository = ring);
        services.AddAntiforgery(options =>
        {
            options.FormFieldName = FormGuard.Field;
            options.Cookie.Name = "mg_form";
            options.Cookie.Path = ConsolePaths.Customers;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
        return services
            .AddSingleton<ConsoleCookie>()
            .AddSingleton<ConsoleVisits>()
            .AddSingleton<PaymentPages>()
            .AddSingleton<ReadBound>()
            .AddSingleton<ShortMemory>()
            .AddSingleton<UsageLook>();
    }

    /// <summary>The pages of customers, on the side of those who call.</summary>
    public static void MapConsole(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", () => Results.Redirect(ConsolePaths.Customers)).ExcludeFromDescription();
        var pages = app.MapGroup(ConsolePaths.Customers).ExcludeFromDescription().WithFailurePages();
        pages.MapAssets();
        var open = pages.MapGroup("").GuardForms();
        open.MapSignIn();
        open.MapWelcome();
        var visitors = pages.MapGroup("").RequireVisitor().GuardForms();
        visitors.MapSignOut();
        visitors.MapAccountPages();
        visitors.MapNowhere();
    }

    /// <summary>The pages of operators, beside the operator's calls.</summary>
    public static void MapOperatorConsole(this IEndpointRouteBuilder management)
    {
        var pages = management.MapGroup(ConsolePaths.Operators)
            .ExcludeFromDescription().WithMetadata(ManagementEndpoint.Instance).WithFailurePages();
        pages.MapAssets();
        pages.MapGroup("").GuardForms().MapOperatorSignIn();
        var operators = pages.MapGroup("").RequireOperatorVisitor().GuardForms();
        operators.MapOperatorSignOut();
        operators.MapOperatorPages();
        operators.MapNowhere();
    }
}
