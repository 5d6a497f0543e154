using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Local.Commands;

/// <summary>
/// What ./run says before it builds: a copy of it stands in a folder without anything to build, so a build would fail otherwise.
/// </summary>
public sealed class RunScriptTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public RunScriptTests()
    {
        foreach (var file in new[] { "run", "mg", "src/build.sh", "config/gateway.json" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_directory.In(file))!);
            File.Copy(Path.Combine(Root(), file), _directory.In(file));
        }
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("Urls", "http://127.0.0.1:{0}")]
    [InlineData("Urls", "http://localhost:{0}/")]
    [InlineData("Urls", "http://127.0.0.1:1;http://*:{0}")]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:{0}")]
    public async Task Port_InUse_IsSaidBeforeTheBuild(string variable, string urls)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var (code, output, error) = await RunAsync("run", [], (variable, urls.Replace("{0}", $"{port}", StringComparison.Ordinal)));

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith(
            $"Port {port} is in use by another program: stop it, or choose another one, as in Urls=http://127.0.0.1:",
            error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_OfTheConfigurationFileInUse_IsSaidBeforeTheBuild()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        File.WriteAllText(_directory.In("own.json"), $"{{\n  \"Urls\": \"http://127.0.0.1:{port}\"\n}}");

        var (code, _, error) = await RunAsync("run", [], ("GATEWAY_CONFIG", "own.json"));

        Assert.Equal(1, code);
        Assert.StartsWith($"Port {port} is in use", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_OfAnotherRun_IsSaidBeforeTheBuild()
    {
        Directory.CreateDirectory(_directory.In(".data"));
        await using var held = new FileStream(_directory.In(".data/run.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var (code, _, error) = await RunAsync("run", []);

        Assert.Equal(1, code);
        Assert.StartsWith("Another ./run of this folder is at work", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_ThatAreNone_AreRefusedAndHelpIsHelp()
    {
        var help = await RunAsync("run", ["--help"]);
        var wrong = await RunAsync("run", ["--dmeo"]);
        var nowhere = await RunAsync("run", [], ("GATEWAY_CONFIG", "nowhere.json"));

        Assert.Equal((0, ""), (help.Code, help.Error));
        Assert.Contains("--demo", help.Output, StringComparison.Ordinal);
        Assert.Equal((2, ""), (wrong.Code, wrong.Output));
        Assert.Contains("'--dmeo' is no option", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(2, nowhere.Code);
        Assert.Contains("There is no configuration file", nowhere.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("mg")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    [InlineData("src/build.sh")]
    public async Task Script_IsReadByBash(string script)
    {
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-n", Path.Combine(Root(), script)]) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal((0, ""), (process.ExitCode, error));
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(
        string script, string[] arguments, params (string Name, string Value)[] variables)
    {
        var info = new ProcessStartInfo("bash", [_directory.In(script), .. arguments])
        {
            WorkingDirectory = _directory.In("."),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in new[] { "Urls", "ASPNETCORE_URLS", "GATEWAY_CONFIG" })
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in variables)
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MeteringGateway.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
