using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging.Console;
using static MeteringGateway.Configuration.ConfigurationShape;

namespace MeteringGateway.Configuration;

/// <summary>
/// The sections of ASP.NET Core that the gateway hands on: <c>Logging</c> and <c>Kestrel</c>. Named here is what their readers look at in
/// this program: there is no logger but the console's, and Kestrel reads no limits from a configuration.
/// </summary>
internal static class FrameworkSections
{
    public const string Logging = "Logging";
    public const string Kestrel = "Kestrel";
    public const string AllowedHosts = "AllowedHosts";

    private static readonly ConfigurationShape s_certificate = Object(
        ("Path", FileName()), ("KeyPath", FileName()), ("Password", Text), ("Subject", Text), ("Store", Text),
        ("Location", Text), ("AllowInvalid", Value(typeof(bool))));

    private static readonly (string, ConfigurationShape)[] s_connection =
    [
        ("Protocols", OneOf<HttpProtocols>()), ("SslProtocols", OneOf<SslProtocols>().AsList()),
        ("ClientCertificateMode", OneOf<ClientCertificateMode>()),
    ];

    private static readonly ConfigurationShape s_kestrel = Object(
        ("EndpointDefaults", Object(s_connection)),
        ("Certificates", Named(s_certificate)),
        ("Endpoints", Named(Object(
            [
                ("Url", Url()), ("Certificate", s_certificate), ("Sni", Named(Object([("Certificate", s_certificate), .. s_connection]))),
                .. s_connection]))));

    private static readonly ConfigurationShape s_levels = Named(OneOf<LogLevel>());

    private static readonly ConfigurationShape s_logging = Object(
        ("LogLevel", s_levels),
        ("Console", Object(
            ("LogLevel", s_levels),
            ("FormatterName", OneOf(ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json, ConsoleFormatterNames.Systemd)),
            ("LogToStandardErrorThreshold", OneOf<LogLevel>()),
            ("MaxQueueLength", Whole(1, 1_000_000)),
            ("QueueFullMode", OneOf<ConsoleLoggerQueueFullMode>()),
            ("FormatterOptions", Object(
                ("IncludeScopes", Value(typeof(bool))),
                ("TimestampFormat", TimestampFormat()),
                ("UseUtcTimestamp", Value(typeof(bool))),
                ("SingleLine", Value(typeof(bool))),
                ("ColorBehavior", OneOf<LoggerColorBehavior>()),
                ("JsonWriterOptions", Object(("Indented", Value(typeof(bool))))))))));

    public static void Check(IConfiguration configuration, ConfigurationErrors errors)
    {
        s_logging.Check(configuration.GetSection(Logging), errors);
        s_kestrel.Check(configuration.GetSection(Kestrel), errors);
        foreach (var endpoint in configuration.GetSection(Kestrel + ":Endpoints").GetChildren())
        {
            if (string.IsNullOrWhiteSpace(endpoint["Url"]))
                errors.Missing(endpoint.Path + ":Url", "a listen address like http://127.0.0.1:8080");
        }

        // Templates have it, and "*" says what is so: nothing here looks at a request's host by this list.
        var hosts = configuration.GetSection(AllowedHosts);
        if (hosts.Value is not (null or "*") || hosts.GetChildren().Any())
            errors.AddWithoutValue(AllowedHosts, "is not used: must be left out");
    }

    private static ConfigurationShape Url() => new()
    {
        Judge = text => AddressOptions.IsListenAddress(text) ? null : "a listen address like http://127.0.0.1:8080",
    };

    private static ConfigurationShape FileName() => new() { Judge = text => File.Exists(text) ? null : "the name of a file that is there" };

    private static ConfigurationShape TimestampFormat() => new()
    {
        Judge = text =>
        {
            try
            {
                _ = DateTimeOffset.UnixEpoch.ToString(text, System.Globalization.CultureInfo.InvariantCulture);
                return null;
            }
            catch (FormatException)
            {
                return "a date format like yyyy-MM-ddTHH:mm:ssZ";
            }
        },
    };
}
