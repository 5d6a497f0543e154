using System.Diagnostics;
using MeteringGateway.Testing;

namespace MeteringGateway.FaultTests.Mutations;

/// <summary>
/// Breaks a copy of the repository, one mutation at a time, and runs the tests that must notice. Takes some minutes;
/// not part of <c>./test</c>.
/// </summary>
internal static class MutationRun
{
    private static readonly string[] s_copied = ["src", "tests"];
    private static readonly string[] s_left = ["bin", "obj"];

    /// <returns>How many mutations nobody noticed, or no longer fit.</returns>
    public static async Task<int> RunAsync(string? only, TextWriter log)
    {
        using var copy = new TemporaryDirectory();
        Copy(Root(), copy.Path);
        var survivors = 0;
        await log.WriteLineAsync("| broken | noticed by | noticed |\n|---|---|---|");
        foreach (var mutation in Catalogue.All.Where(mutation =>
            only is null || mutation.What.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            var whole = mutation.Edits
                .GroupBy(
                    edit => Path.Combine(copy.Path, edit.File), (file, edits) => (File: file, Text: File.ReadAllText(file), Edits: edits))
                .Select(at => (
                    at.File, at.Text,
                    Broken: at.Edits.Aggregate((string?)at.Text, (text, edit) => text is null ? null : edit.ApplyTo(text)))).ToList();
            var outcome = "no longer fits the code";
            if (whole.TrueForAll(file => file.Broken is not null))
            {
                whole.ForEach(file => File.WriteAllText(file.File, file.Broken));
                outcome = await IsNoticedAsync(mutation, copy.Path);
                whole.ForEach(file => File.WriteAllText(file.File, file.Text));
            }

            survivors += outcome == "yes" ? 0 : 1;
            await log.WriteLineAsync(
                $"| {mutation.What} | `{mutation.Filter.Replace("|", "\\|", StringComparison.Ordinal)}` | {outcome} |");
        }

        return survivors;
    }

    public static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "MeteringGateway.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return directory.FullName;
    }

    private static async Task<string> IsNoticedAsync(Mutation mutation, string root)
    {
        var project = Path.Combine(root, "tests", mutation.Project);
        if (await DotnetAsync(
            root, "build", project, "--nologo", "--verbosity", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false") != 0)
        {
            return "does not build";
        }

        // A filter that finds no test ends well, too: then nobody has noticed.
        return await DotnetAsync(root, "test", project, "--no-build", "--nologo", "--filter", mutation.Filter) == 0 ? "NO" : "yes";
    }

    private static async Task<int> DotnetAsync(string directory, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync(), process.WaitForExitAsync());
        return process.ExitCode;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in s_copied)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(from, folder), "*", SearchOption.AllDirectories))
            {
                var relative = Path.GetRelativePath(from, file);
                if (!relative.Split('/').Intersect(s_left).Any())
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, relative))!);
                    File.Copy(file, Path.Combine(to, relative));
                }
            }
        }
    }
}
