using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Load.Stack;

/// <summary>
/// A .NET program that listens on a free port of the loopback address, where asked for with the hook that tells its allocations.
/// </summary>
internal sealed class DotnetServer : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);

    private readonly ChildServer _child;

    private DotnetServer(ChildServer child, Uri address, string socket) => (_child, Address, AllocationSocket) = (child, address, socket);

    public Uri Address { get; }
    public string AllocationSocket { get; }
    public int Pid => _child.Pid;

    /// <param name="arguments">Of its address.</param>
    /// <param name="readyPath">Answered with a success once it can be used.</param>
    public static async Task<DotnetServer> StartAsync(
        Workspace workspace, string name, string program, Func<Uri, IReadOnlyList<string>> arguments, string readyPath,
        IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var address = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}");
        var (socket, log) = (workspace.In($"{name}-{address.Port}.sock"), workspace.In($"{name}-{address.Port}.log"));
        var child = await ChildServer.StartAsync(
            new ChildServerStart(name, ["dotnet", program, .. arguments(address)])
            {
                WorkingDirectory = workspace.In(""),
                LogFile = log,
                Grace = TimeSpan.FromMinutes(2),
                Environment = Variables(workspace, environment, address, socket),
            },
            TimeProvider.System, cancellation);
        using var probe = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        var isReady = false;
        await Readiness.PollAsync(
            async token => child.Exited.IsCompleted || (isReady = await AnswersAsync(probe, readyPath, token)),
            StartPatience, TimeProvider.System, cancellation);
        if (isReady && !child.Exited.IsCompleted)
        {
            return new DotnetServer(child, address, socket);
        }

        var said = File.Exists(log) ? await File.ReadAllTextAsync(log, cancellation) : "";
        await child.DisposeAsync();
        throw new LocalServerException($"{name} did not start: {said}");
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private static Dictionary<string, string> Variables(
        Workspace workspace, IReadOnlyDictionary<string, string> environment, Uri address, string socket)
    {
        var variables = new Dictionary<string, string>(environment) { ["Urls"] = address.GetLeftPart(UriPartial.Authority) };
        if (workspace.CountsAllocations)
        {
            variables["DOTNET_STARTUP_HOOKS"] = Programs.AllocationHook;
            variables["COMPARE_ALLOCATIONS"] = socket;
        }

        return variables;
    }

    private static async Task<bool> AnswersAsync(HttpClient probe, string path, CancellationToken cancellation)
    {
        try
        {
            using var answer = await probe.GetAsync(path, cancellation);
            return answer.IsSuccessStatusCode || (path.Length == 0 && (int)answer.StatusCode < 500);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
