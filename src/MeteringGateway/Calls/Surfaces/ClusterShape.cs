using System.Security.Authentication;
using MeteringGateway.Configuration;
using static MeteringGateway.Configuration.ConfigurationShape;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>
/// The names of YARP's that do something in this gateway, at every depth of a cluster. YARP's own reader ignores what it does not know;
/// what belongs to its pipeline alone, which the chain does not use, is left out here, so that nobody sets it in vain.
/// </summary>
internal static class ClusterShape
{
    private static readonly ConfigurationShape s_truth = Value(typeof(bool));
    private static readonly ConfigurationShape s_duration = new()
    {
        Judge = text => ConfigurationValue.TryDuration(text, out var value) && value > TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? null
            : ConfigurationValue.DurationForm + ", above zero and at most a day",
    };

    private static readonly ConfigurationShape s_destinations = Named(Object(("Address", Text), ("Health", Address()), ("Host", Host())));

    private static readonly ConfigurationShape s_health = Object(
        ("AvailableDestinationsPolicy", Text),
        ("Active", Object(
            ("Enabled", s_truth), ("Interval", s_duration), ("Timeout", s_duration), ("Policy", Text), ("Path", Text), ("Query", Text))),
        ("Passive", Object(("Enabled", s_truth), ("Policy", Text), ("ReactivationPeriod", s_duration))));

    private static readonly ConfigurationShape s_client = Object(
        ("SslProtocols", OneOf<SslProtocols>().AsList()),
        ("DangerousAcceptAnyServerCertificate", s_truth),
        ("MaxConnectionsPerServer", Whole(1, int.MaxValue)),
        ("EnableMultipleHttp2Connections", s_truth),
        ("RequestHeaderEncoding", Text),
        ("ResponseHeaderEncoding", Text),
        ("WebProxy", Object(("Address", Address()), ("BypassOnLocal", s_truth), ("UseDefaultCredentials", s_truth))));

    private static readonly ConfigurationShape s_request = Object(
        ("ActivityTimeout", s_duration), ("Version", OneOf("1.0", "1.1", "1", "2", "2.0", "3", "3.0")),
        ("VersionPolicy", OneOf<HttpVersionPolicy>()));

    public static void Check(IConfigurationSection cluster, ConfigurationErrors errors)
    {
        s_destinations.Check(cluster.GetSection("Destinations"), errors);
        s_health.Check(cluster.GetSection("HealthCheck"), errors);
        s_client.Check(cluster.GetSection("HttpClient"), errors);
        s_request.Check(cluster.GetSection("HttpRequest"), errors);
    }

    /// <summary>Credentials in an address would be taken and never sent.</summary>
    private static ConfigurationShape Address() => new()
    {
        Judge = text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            ? null
            : "an address like http://127.0.0.1:9101, without a user name",
    };

    private static ConfigurationShape Host() => new()
    {
        Judge = text =>
            text.Length is > 0 and <= 255 && Uri.CheckHostName(text.Split(':')[0]) != UriHostNameType.Unknown
                && Uri.TryCreate("http://" + text, UriKind.Absolute, out var uri)
                && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && !text.EndsWith('/')
                ? null
                : "a host's name like api.example.com, with a port or without",
    };
}
