using System.Globalization;
using System.Text.RegularExpressions;

namespace MeteringGateway.Local.LocalServers;

/// <summary>Where the servers' programs are on this machine; null where there are none.</summary>
internal sealed partial record ServerBinaries(string? Redis, IReadOnlyDictionary<int, string> Postgres)
{
    /// <summary>Runs the clients of the tests; no server.</summary>
    public string? Node { get; } = ShellCommand.Find("node");

    public string? Npm { get; } = ShellCommand.Find("npm");

    /// <summary>Opens the console's pages; of the tests alone.</summary>
    public string? Chromium { get; } = ShellCommand.Find("chromium");

    /// <summary>Scrapes a gateway and evaluates what the rules and dashboards ask; of the tests alone.</summary>
    public string? Prometheus { get; } = ShellCommand.Find("prometheus");

    /// <summary>Checks rules, configuration and a scrape.</summary>
    public string? Promtool { get; } = ShellCommand.Find("promtool");

    /// <summary>
    /// Debian keeps initdb and postgres off PATH, one folder for each major version; Red Hat and Homebrew have their own places.
    /// </summary>
    private static readonly (string Root, string Versions, string Bin)[] PostgresPlaces =
    [
        ("/usr/lib/postgresql", "*", "bin"),
        ("/usr", "pgsql-*", "bin"),
        ("/usr/libexec", "postgresql*", ""),
        ("/opt/homebrew/opt", "postgresql@*", "bin"),
    ];

    public static async Task<ServerBinaries> FindAsync(CancellationToken cancellation)
    {
        var postgres = new Dictionary<int, string>();
        foreach (var directory in PostgresDirectories())
        {
            var (code, output) = await ShellCommand.RunAsync([Path.Combine(directory, "postgres"), "--version"], cancellation);
            if (code == 0 && Major().Match(output) is { Success: true } match)
            {
                postgres.TryAdd(int.Parse(match.ValueSpan, CultureInfo.InvariantCulture), directory);
            }
        }

        return new ServerBinaries(ShellCommand.Find("redis-server") ?? ShellCommand.Find("valkey-server"), postgres);
    }

    private static IEnumerable<string> PostgresDirectories() =>
        PostgresPlaces
            .Where(place => Directory.Exists(place.Root))
            .SelectMany(place => Directory.GetDirectories(place.Root, place.Versions).Select(version => Path.Combine(version, place.Bin)))
            .Append(Path.GetDirectoryName(ShellCommand.Find("initdb")) ?? "")
            .Where(directory => File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "postgres")));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Major();
}
