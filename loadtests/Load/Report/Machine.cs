using System.Globalization;
using System.Text.RegularExpressions;
using MeteringGateway.Load.Stack;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Load.Report;

/// <summary>On what was measured: machine, versions, commit and day.</summary>
internal static partial class Machine
{
    private const string Unknown = "unknown";

    public static async Task<string> DescribeAsync(string command, CancellationToken cancellation)
    {
        var facts = await FactsAsync(cancellation);
        return $"`{command}`, {facts.Day}, commit {facts.Commit}. {facts.Hardware}. {facts.Versions}.";
    }

    public static async Task<MachineFacts> FactsAsync(CancellationToken cancellation)
    {
        var servers = await ServerBinaries.FindAsync(cancellation);
        var postgres = servers.Postgres.Count == 0 ? "" : servers.Postgres.MaxBy(version => version.Key).Value;
        string[] versions =
        [
            ".NET " + Environment.Version,
            "Redis " + await VersionAsync([servers.Redis ?? "redis-server", "--version"], cancellation),
            "PostgreSQL " + await VersionAsync([Path.Combine(postgres, "postgres"), "--version"], cancellation),
            "nginx " + await VersionAsync(["nginx", "-v"], cancellation),
            "wrk " + await VersionAsync(["wrk", "-v"], cancellation),
        ];
        var day = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var found = versions.Where(version => !version.EndsWith(Unknown, StringComparison.Ordinal));
        return new MachineFacts(day, await CommitAsync(cancellation), Hardware(), string.Join(", ", found));
    }

    private static string Hardware()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        var kernel = File.ReadAllText("/proc/version").Split(' ')[2];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors ({model?.Split(':')[1].Trim() ?? "model unknown"}), {memory:F0} GiB, Linux {kernel}");
    }

    private static async Task<string> CommitAsync(CancellationToken cancellation)
    {
        // The last one that changed the product: a run writes into the repository itself.
        var (code, commit) = await ShellCommand.RunAsync(
            ["git", "-C", Programs.Root, "log", "-1", "--format=%h", "--", "src"], cancellation);
        var (_, changes) = await ShellCommand.RunAsync(["git", "-C", Programs.Root, "status", "--porcelain", "src"], cancellation);
        return code != 0 ? Unknown : changes.Length > 0 ? commit + " with changes below src" : commit;
    }

    private static async Task<string> VersionAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var program = ShellCommand.Find(command[0]);
        var output = program is null ? "" : (await ShellCommand.RunAsync([program, .. command.Skip(1)], cancellation)).Output;
        return Number().Match(output) is { Success: true } version ? version.Value : Unknown;
    }

    [GeneratedRegex(@"[0-9]+\.[0-9]+(\.[0-9]+)?")]
    private static partial Regex Number();
}

/// <summary>What a reader has to know of a machine to compare its figures with another's.</summary>
/// <param name="Commit">Of the product's sources.</param>
internal sealed record MachineFacts(string Day, string Commit, string Hardware, string Versions);
