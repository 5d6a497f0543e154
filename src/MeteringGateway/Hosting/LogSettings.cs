using MeteringGateway.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace MeteringGateway.Hosting;

/// <summary>
/// What is logged, and how, where the configuration does not say: it lies under the configuration instead of over it, so that whatever
/// <c>Logging</c> says wins.
/// </summary>
internal static class LogSettings
{
    /// <summary>
    /// The category that begins an activity and a log scope for every request as soon as one level of it is on, and whose lines are all
    /// below <see cref="LogLevel.Warning"/>: off, unless the console shows scopes.
    /// </summary>
    private const string RequestScope = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>What the framework, the proxy and the database's client tell of each call is for an operator that looks for it.</summary>
    private static readonly KeyValuePair<string, LogLevel>[] s_levels =
    [
        new("Microsoft.AspNetCore", LogLevel.Warning),
        new("Microsoft.AspNetCore.DataProtection", LogLevel.Error),
        new(RequestScope, LogLevel.None),
        // What a client asks wrongly is an error with a stack there; what fails is logged by the gateway itself (MessageFaults).
        new("ModelContextProtocol", LogLevel.Critical),
        new("Npgsql", LogLevel.Warning),
        new("Yarp", LogLevel.Warning),
        // A failed attempt is an outcome and a metric, not an event of the log.
        new("Yarp.ReverseProxy.Forwarder", LogLevel.Error),
    ];

    public static void AddLog(this ILoggingBuilder logging, IConfiguration configuration)
    {
        var configured = configuration.GetSection(FrameworkSections.Logging);
        logging.AddConfiguration(
            new ConfigurationBuilder().AddInMemoryCollection(Defaults(configured)).AddConfiguration(configured).Build());
        logging.AddConsole();
    }

    internal static Dictionary<string, string?> Defaults(IConfiguration configured)
    {
        var formatter = configured["Console:FormatterName"] ?? ConsoleFormatterNames.Simple;
        var defaults = new Dictionary<string, string?>
        {
            ["Console:FormatterName"] = formatter,
            ["Console:FormatterOptions:UseUtcTimestamp"] = "true",
        };
        if (formatter.Equals(ConsoleFormatterNames.Simple, StringComparison.OrdinalIgnoreCase))
        {
            defaults["Console:FormatterOptions:SingleLine"] = "true";
            defaults["Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        }
        else if (formatter.Equals(ConsoleFormatterNames.Json, StringComparison.OrdinalIgnoreCase))
        {
            // systemd's journal stamps its lines itself.
            defaults["Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-ddTHH:mm:ss.fffZ";
        }

        // A quieter default holds for these, too; a noisier one is meant for the gateway's own log.
        var quietest = LogLevel.Trace;
        foreach (var (category, level) in configured.GetSection("LogLevel").GetChildren().Select(child => (child.Key, child.Value)))
        {
            if (category.Equals("Default", StringComparison.OrdinalIgnoreCase)
                && Enum.TryParse<LogLevel>(level, ignoreCase: true, out var read))
            {
                quietest = read;
            }
        }

        var showsScopes = bool.TryParse(configured["Console:FormatterOptions:IncludeScopes"], out var shows) && shows;
        foreach (var (category, level) in s_levels.Where(level =>
            !IsNamed(configured, level.Key) && !(showsScopes && level.Key == RequestScope)))
        {
            defaults[$"LogLevel:{category}"] = (level > quietest ? level : quietest).ToString();
        }

        return defaults;
    }

    /// <summary>The longest prefix decides, so a shorter one of the configuration would lose against a longer one of ours.</summary>
    private static bool IsNamed(IConfiguration configured, string category) => configured.GetSection("LogLevel").GetChildren().Any(child =>
        category.Equals(child.Key, StringComparison.OrdinalIgnoreCase)
        || category.StartsWith(child.Key + ".", StringComparison.OrdinalIgnoreCase));
}
