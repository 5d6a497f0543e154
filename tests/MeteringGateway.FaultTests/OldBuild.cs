using System.Diagnostics;
using MeteringGateway.FaultTests.Mutations;

namespace MeteringGateway.FaultTests;

/// <summary>The gateway of an earlier commit, built once a clone from what git has of it.</summary>
internal static class OldBuild
{
    /// <summary>What an update comes from. Move it on with each release, to the commit that was released.</summary>
    public const string Commit = "4335b7c6ea7b8220fd8a96e1e5757cb799c640c8";

    /// <summary>
    /// The program; null where the commit is in neither the clone nor its origin. A shallow clone asks its origin for that one commit.
    /// </summary>
    public static async Task<string?> FindAsync()
    {
        var root = MutationRun.Root();
        var place = Path.Combine(root, "src", "MeteringGateway", "obj", "before-" + Commit[..12]);
        var program = Path.Combine(place, "built", "MeteringGateway.dll");
        if (File.Exists(Path.Combine(place, "is-built")))
        {
            return program;
        }

        if (!await GitAsync(root, "cat-file", "-e", Commit + "^{commit}") && !await GitAsync(root, "fetch", "--depth=1", "origin", Commit))
        {
            return null;
        }

        if (Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
        }

        var source = Path.Combine(place, "source");
        Directory.CreateDirectory(source);
        var packed = Path.Combine(place, "source.tar");
        if (!await GitAsync(root, "archive", "--output", packed, Commit)
            || await RunAsync(place, "tar", "-xf", packed, "-C", source) is not (0, _))
        {
            throw new InvalidOperationException($"git has {Commit} and can't unpack it.");
        }

        // Its analyzers have passed when it was new; the compiler alone is what this needs.
        var (code, output) = await RunAsync(
            source, "dotnet", "build", "src/MeteringGateway", "--nologo", "--verbosity", "quiet", "-nodeReuse:false",
            "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "--output",
            Path.Combine(place, "built"));
        if (code != 0)
        {
            throw new InvalidOperationException($"The gateway of {Commit} does not build: {output}");
        }

        await File.WriteAllTextAsync(Path.Combine(place, "is-built"), Commit);
        Directory.Delete(source, recursive: true);
        File.Delete(packed);
        return program;
    }

    private static async Task<bool> GitAsync(string root, params string[] arguments)
    {
        try
        {
            return (await RunAsync(root, "git", arguments)).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No git on this machine.
            return false;
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string directory, string command, params string[] arguments)
    {
        var info = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A fetch that would ask for a password has no one to ask.
        info.Environment["GIT_TERMINAL_PROMPT"] = "0";
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(texts).Trim());
    }
}
