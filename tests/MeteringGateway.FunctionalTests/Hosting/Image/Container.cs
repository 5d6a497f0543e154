using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.FunctionalTests.Hosting.Image;

/// <summary>One program of an image, begun as an engine begins it, and its health check.</summary>
internal sealed class Container(
    ImageRecipe recipe, string stage, string folder, string[] healthCheck, IReadOnlyDictionary<string, string> environment,
    IReadOnlyList<string> user, string logFile) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string s_dotnet = ShellCommand.Find("dotnet")!;
    private ChildServer? _child;

    /// <summary>The user of a container must be able to enter it.</summary>
    public static string RuntimeDirectory =>
        Path.GetDirectoryName(File.ResolveLinkTarget(s_dotnet, returnFinalTarget: true)?.FullName ?? s_dotnet)!;

    public string Log => File.Exists(logFile) ? File.ReadAllText(logFile) : "";

    public async Task StartAsync(string[] command, TimeSpan stopGrace) => _child = await ChildServer.StartAsync(
        new ChildServerStart(stage, Inside([.. recipe.EntryPoint(stage), .. command]))
        {
            WorkingDirectory = folder,
            LogFile = logFile,
            Grace = stopGrace,
        },
        TimeProvider.System, CancellationToken.None);

    /// <summary>False where the program has ended, or is not healthy for so long that it never will be.</summary>
    public Task<bool> AwaitHealthyAsync() => Readiness.PollAsync(
        async _ => !_child!.Exited.IsCompleted && (await CheckAsync()).Code == 0, s_patience, TimeProvider.System, CancellationToken.None);

    public Task<(int Code, string Output)> CheckAsync() => RunAsync(healthCheck);

    /// <summary>Another command in the container, as <c>docker exec</c> would run it.</summary>
    public Task<(int Code, string Output)> RunAsync(params string[] command) =>
        ShellCommand.RunAsync(["env", "--chdir", folder, .. Inside(command)], CancellationToken.None);

    /// <summary>SIGTERM; 0 where it ended by itself within the grace, for it is killed after that.</summary>
    public Task<int> StopAsync() => _child!.StopAsync();

    public ValueTask DisposeAsync() => _child?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>With no variable of ours, as a user who may write nowhere: not in the folder, home, or for temporary files.</summary>
    private string[] Inside(string[] command)
    {
        Assert.Equal("dotnet", command[0]);
        var variables = new Dictionary<string, string>(environment) { ["HOME"] = folder, ["TMPDIR"] = folder };
        return
        [
            .. user, "env", "--ignore-environment", .. variables.Select(pair => $"{pair.Key}={pair.Value}"), s_dotnet, .. command[1..],
        ];
    }
}
