using System.Text.Json;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.FunctionalTests.Calls.Sdks;

/// <summary>
/// The scripts beside this file, run by Node.js as they stand in the output folder, where npm puts the SDKs that they import: the versions
/// of <c>package-lock.json</c>, installed once for each.
/// </summary>
internal static class NodeScripts
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Calls", "Sdks", "node");

    public static async Task InstallAsync()
    {
        var wanted = await File.ReadAllTextAsync(Path.Combine(s_folder, "package-lock.json"));
        var installed = Path.Combine(s_folder, "node_modules", ".installed");
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == wanted)
        {
            return;
        }

        var (code, output) = await ShellCommand.RunAsync(
            [Program("npm"), "ci", "--prefix", s_folder, "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], default);
        Assert.True(code == 0, $"npm could not install the SDKs: {output}");
        await File.WriteAllTextAsync(installed, wanted);
    }

    /// <summary>What came of each call.</summary>
    public static async Task<IReadOnlyList<JsonElement>> RunAsync(
        string script, IReadOnlyList<string> calls, IReadOnlyDictionary<string, string> variables)
    {
        var (code, output) = await ShellCommand.RunAsync([Program("node"), Path.Combine(s_folder, script), .. calls], default, variables);
        var results = output.Split('\n').LastOrDefault(line => line.StartsWith('['));
        return code == 0 && results is not null
            ? [.. JsonSerializer.Deserialize<JsonElement>(results).EnumerateArray()]
            : throw new InvalidOperationException($"{script} ended with {code}: {output}");
    }

    private static string Program(string name) =>
        ShellCommand.Find(name) ?? throw new InvalidOperationException($"{name} is missing; ./test installs it.");
}
