using MeteringGateway.Authentication;
using MeteringGateway.Credits;
using MeteringGateway.Edge;
using MeteringGateway.Ledger;
using MeteringGateway.Notices;
using MeteringGateway.Payments.Sandbox;
using MeteringGateway.Payments.Webhooks;
using MeteringGateway.People;
using MeteringGateway.Surfaces;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Configuration;

/// <summary>Registers every options class, bound and checked, before anything else is built.</summary>
internal static class GatewayOptionsExtensions
{
    /// <exception cref="ConfigurationException">With all that is wrong, surfaces and providers included.</exception>
    public static IServiceCollection AddGatewayOptions(this IServiceCollection services, IConfiguration configuration)
    {
        var errors = new ConfigurationErrors();
        if (configuration is IConfigurationRoot root && GatewayConfiguration.FileOf(root) is { } file)
            FileSections.Check(file, errors);
        var connectionStrings = OptionsBinder.Bind<ConnectionStringOptions>(configuration, ConnectionStringOptions.Section, errors);
        connectionStrings.Check(errors);
        Register(services, connectionStrings);
        var admin = OptionsBinder.Bind<AdminOptions>(configuration, AdminOptions.Section, errors);
        admin.Check(errors);
        Register(services, admin);
        Register(services, OptionsBinder.Bind<CreditsOptions>(configuration, CreditsOptions.Section, errors));
        Register(services, OptionsBinder.Bind<LedgerOptions>(configuration, LedgerOptions.Section, errors));
        var notices = OptionsBinder.Bind<NoticesOptions>(configuration, NoticesOptions.Section, errors);
        notices.Check(errors);
        Register(services, notices);
        var people = OptionsBinder.Bind<PeopleOptions>(configuration, PeopleOptions.Section, errors);
        people.Check(errors);
        Register(services, people);
        var oauth = OptionsBinder.Bind<OAuthOptions>(configuration, OAuthOptions.Section, errors);
        oauth.Check(errors);
        Register(services, oauth);
        var sandbox = OptionsBinder.Bind<SandboxOptions>(configuration, SandboxOptions.Section, errors);
        sandbox.Check(errors);
        Register(services, sandbox);
        Register(services, OptionsBinder.Bind<StripeOptions>(configuration, StripeOptions.Section, errors));
        Register(services, OptionsBinder.Bind<CreemOptions>(configuration, CreemOptions.Section, errors));
        Register(services, OptionsBinder.Bind<MemoryOptions>(configuration, MemoryOptions.Section, errors));
        Register(services, OptionsBinder.Bind<ClientOptions>(configuration, ClientOptions.Section, errors));
        Register(services, ProxiesOptions.Read(configuration, errors));
        PublicUrl.Check(configuration, errors);
        CheckUrls(configuration["Urls"], errors);

        // Surfaces have their own registration, which checks them again. Where something is wrong already, the
        // operator should see their errors in the same list.
        if (errors.Any)
            CatalogReader.Read(configuration, errors);
        errors.ThrowIfAny();
        return services;
    }

    private static void Register<T>(IServiceCollection services, T options)
        where T : class => services.AddSingleton(Options.Create(options));

    private static void CheckUrls(string? urls, ConfigurationErrors errors)
    {
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!IsListenAddress(url))
                errors.Add("Urls", url, "listen addresses like http://127.0.0.1:8080, separated by ';'");
        }
    }

    private static bool IsListenAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.Port is >= 0 and <= 65535;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
