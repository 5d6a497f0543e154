using System.Collections.Concurrent;
using System.Text.Json;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Testing;

/// <summary>
/// The scripts of one folder, run by Node.js as they stand in the output folder, where npm puts the packages that they import: the versions
/// of its <c>package-lock.json</c>, installed once for each. Any number of callers at once.
/// </summary>
/// <param name="folder">Below the output folder: <c>Calls/Sdks/node</c>.</param>
internal sealed class NodeScripts(string folder)
{
    private static readonly ConcurrentDictionary<string, Lazy<Task>> s_installed = new();
    private readonly string _folder = Path.Combine(AppContext.BaseDirectory, folder);

    /// <summary>Test classes that need the same packages wait for one npm.</summary>
    public Task InstallAsync() => s_installed.GetOrAdd(_folder, path => new Lazy<Task>(() => InstallAsync(path))).Value;

    /// <summary>A file of the folder, or of a package once they are installed.</summary>
    public string PathOf(string file) => Path.Combine(_folder, file);

    /// <summary>The line of JSON that the script ends with, an array; here what came of each call.</summary>
    public async Task<IReadOnlyList<JsonElement>> RunAsync(
        string script, IReadOnlyList<string> calls, IReadOnlyDictionary<string, string> variables)
    {
        var (code, output) = await ShellCommand.RunAsync([Program("node"), Path.Combine(_folder, script), .. calls], default, variables);
        var results = output.Split('\n').LastOrDefault(line => line.StartsWith('['));
        return code == 0 && results is not null
            ? [.. JsonSerializer.Deserialize<JsonElement>(results).EnumerateArray()]
            : throw new InvalidOperationException($"{script} ended with {code}: {output}");
    }

    private static async Task InstallAsync(string path)
    {
        var wanted = await File.ReadAllTextAsync(Path.Combine(path, "package-lock.json"));
        var installed = Path.Combine(path, "node_modules", ".installed");
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == wanted)
        {
            return;
        }

        var (code, output) = await ShellCommand.RunAsync(
            [Program("npm"), "ci", "--prefix", path, "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], default);
        if (code != 0)
        {
            throw new InvalidOperationException($"npm could not install the packages of {path}: {output}");
        }

        await File.WriteAllTextAsync(installed, wanted);
    }

    private static string Program(string name) =>
        ShellCommand.Find(name) ?? throw new InvalidOperationException($"{name} is missing; ./test installs it.");
}
