using System.Diagnostics;
using System.Globalization;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Local.LocalServers;

public sealed class ChildServerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Child_ParentKilledWithNine_Ends()
    {
        // A parent other than ourselves: a shell between us and the watchdog holds the pipe, and is killed.
        var watchdog = _directory.In("watchdog.sh");
        await using (var source = typeof(ChildServer).Assembly.GetManifestResourceStream("LocalServers/watchdog.sh")!)
        await using (var target = File.Create(watchdog))
        {
            await source.CopyToAsync(target);
        }

        var pipe = _directory.In("pipe");
        var script = $"mkfifo '{pipe}'; setsid sh '{watchdog}' TERM 5 '{_directory.In("log")}' sleep 300 <'{pipe}' & exec 4>'{pipe}'; "
            + "while :; do sleep 1; done";
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardError = true })!;
        var server = int.Parse((await parent.StandardError.ReadLineAsync())!, CultureInfo.InvariantCulture);
        Assert.True(ProcessSignal.Exists.SendTo(server));

        ProcessSignal.Kill.SendTo(parent.Id);

        await Eventually.TrueAsync(() => Task.FromResult(!ProcessSignal.Exists.SendTo(server)), () => "the server still runs");
    }

    [Fact]
    public async Task Child_ThatIgnoresItsSignal_IsKilledAfterItsGrace()
    {
        await using var child = await StartAsync("trap '' TERM; echo ready; while :; do sleep 1; done", TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(
            () => Task.FromResult(
                File.Exists(_directory.In("log")) && File.ReadAllText(_directory.In("log")).Contains("ready", StringComparison.Ordinal)),
            () => "the child is not ready");
        Assert.Equal(128 + 9, await child.StopAsync());
    }

    [Fact]
    public async Task Child_ThatEndsByItself_PassesItsExitCodeOn()
    {
        await using var child = await StartAsync("exit 7", TimeSpan.FromSeconds(1));
        Assert.Equal(7, await child.Exited);
    }

    [Fact]
    public async Task Child_SettingWithAHyphenInItsName_ReachesIt()
    {
        const string Setting = "ReverseProxy__Clusters__my-own__Destinations__d__Address";
        var start = new ChildServerStart("test", ["env"])
        {
            LogFile = _directory.In("log"),
            Environment = new Dictionary<string, string> { [Setting] = "http://127.0.0.1:1" },
        };
        await using var child = await ChildServer.StartAsync(start, TimeProvider.System, CancellationToken.None);

        Assert.Equal(0, await child.Exited);
        Assert.Contains($"{Setting}=http://127.0.0.1:1", await File.ReadAllLinesAsync(_directory.In("log")));
    }

    [Fact]
    public async Task Child_ToldToStopAfterAnother_OutlivesIt()
    {
        await using var first = await StartAsync("sleep 300", TimeSpan.FromSeconds(1));
        await using var second = await StartAsync("exec sleep 300", TimeSpan.FromSeconds(1));
        second.StopAfter(first.Pid, TimeSpan.FromMinutes(5));
        var stopping = second.StopAsync();
        Assert.True(ProcessSignal.Exists.SendTo(second.Pid));
        Assert.False(stopping.IsCompleted);
        await first.StopAsync();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    [Fact]
    public async Task Child_ToldToStopAfterOneThatStays_WaitsAsLongAsItWasTold()
    {
        await using var first = await StartAsync("exec sleep 300", TimeSpan.FromSeconds(1));
        await using var second = await StartAsync("exec sleep 300", TimeSpan.FromSeconds(1));
        second.StopAfter(first.Pid, TimeSpan.Zero);
        await second.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        Assert.True(ProcessSignal.Exists.SendTo(first.Pid));
    }

    private Task<ChildServer> StartAsync(string script, TimeSpan grace) => ChildServer.StartAsync(
        new ChildServerStart("test", ["sh", "-c", script]) { LogFile = _directory.In("log"), Grace = grace },
        TimeProvider.System, CancellationToken.None);
}
