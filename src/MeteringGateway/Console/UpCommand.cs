using System.CommandLine;
using System.Net;
using MeteringGateway.DemoProviders;
using MeteringGateway.Hosting;
using MeteringGateway.LocalServers;

namespace MeteringGateway.Console;

/// <summary>
/// Verb up, what ./run calls: stores, demo providers, gateway, demo account, and the end of all of it. The order of the end matters:
/// the gateway first, which answers what is in flight, then what it needs for that.
/// </summary>
internal sealed class UpCommand(UpOptions options, TimeProvider time)
{
    /// <summary>After a kill -9 of ours the gateway before us drains while we start; past this a person had better know whom we wait for.</summary>
    private static readonly TimeSpan PredecessorPatience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(60);

    /// <summary>What a demo needs so that one can buy and sign up, and what is off everywhere else.</summary>
    private static readonly (string Name, string Value)[] DemoSettings = [("Payments:Sandbox:Enabled", "true"), ("People:SignUp", "open")];

    private string AdminTokenFile => Path.Combine(options.Data, "admin-token");

    public static Command Build(TimeProvider time)
    {
        var command = new Command("up", "Run everything on this machine: Redis, PostgreSQL, the demo providers and the gateway, with a demo account. Data is kept in .data/.");
        command.SetAction(async (_, cancellation) =>
        {
            try
            {
                return await new UpCommand(UpOptions.Read(), time).RunAsync(cancellation);
            }
            catch (LocalServerException problem)
            {
                Say(problem.Message, System.Console.Error);
                return 1;
            }
        });
        return command;
    }

    private async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var signals = new StopSignals();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(signals.Requested, cancellation);
        PrivateFile.CreatePassage(options.Data);
        using var alone = RunLock.Take(Path.Combine(options.Data, "run.lock"));
        try
        {
            await PidFile.AwaitPredecessorAsync(GatewayPidFile, "MeteringGateway", PredecessorPatience, time, stop.Token);
            options.RefuseTakenPorts();
            await using var stack = await LocalStack.StartAsync(options.Configuration, options.Data, line => Say(line), time, stop.Token);
            PrivateFile.Write(Path.Combine(options.Data, "postgres.url"), PostgresUrl(stack) + "\n");
            await using var providers = await StartProvidersAsync(stop.Token);
            await using var gateway = await StartGatewayAsync(stack, stop.Token);
            stack.StopAfter(gateway.Pid, StopBound.Longest);
            using var insisted = signals.Insisted.Register(() => ProcessSignal.Kill.SendTo(gateway.Pid));
            if (await GreetAsync(gateway, stop.Token))
            {
                await Task.WhenAny(gateway.Exited, stack.LossAsync(), StopSignals.UntilAsync(stop.Token));
            }

            return await EndAsync(gateway, stop.IsCancellationRequested);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    private string GatewayPidFile => Path.Combine(options.Data, "gateway.pid");

    private static async Task<int> EndAsync(ChildServer gateway, bool asked)
    {
        if (gateway.Exited.IsCompleted && !asked)
        {
            var code = await gateway.Exited;
            Say($"The gateway ended with exit code {code}; everything is stopped.", System.Console.Error);
            return code == 0 ? 1 : code;
        }

        Say(asked ? "Stopping …" : "A store has ended; everything is stopped. Its log is in .data/.", asked ? System.Console.Out : System.Console.Error);
        await gateway.StopAsync();
        return asked ? 0 : 1;
    }

    private async Task<DemoProviderServer?> StartProvidersAsync(CancellationToken cancellation)
    {
        try
        {
            return await DemoProviderServer.StartAsync(new DemoProviderOptions(), time, cancellation);
        }
        catch (IOException inUse) when (options.OwnConfig)
        {
            // A configuration of one's own may well have its own providers on these ports.
            Say($"The demo providers are left out: {inUse.Message}");
            return null;
        }
        catch (IOException inUse)
        {
            throw new LocalServerException($"The demo providers need ports 9101 to 9104: {inUse.Message}");
        }
    }

    private Task<ChildServer> StartGatewayAsync(LocalStack stack, CancellationToken cancellation) => ChildServer.StartAsync(
        new ChildServerStart("MeteringGateway", [.. ThisProgram(), "serve"])
        {
            // It ends itself in time, by what it has reloaded since. A second Ctrl-C is for those who don't want to wait.
            Grace = StopBound.Longest,
            PredecessorPatience = PredecessorPatience,
            PidFile = GatewayPidFile,
            Environment = GatewayEnvironment(stack),
        },
        time,
        cancellation);

    private Dictionary<string, string> GatewayEnvironment(LocalStack stack)
    {
        var variables = new Dictionary<string, string>
        {
            ["GATEWAY_CONFIG"] = options.ConfigFile,
            ["ConnectionStrings__Redis"] = stack.RedisConnection,
            ["ConnectionStrings__Postgres"] = stack.PostgresConnection,
            ["Admin__Token"] = AdminToken(),
            ["Urls"] = options.UrlList,
        };

        // Credits for nothing, for whoever comes: only before stores that hold nothing but this demo, and never against what is set.
        foreach (var (name, value) in stack.IsOwn ? DemoSettings : [])
        {
            if (string.IsNullOrEmpty(options.Configuration[name]))
            {
                variables[name.Replace(":", "__", StringComparison.Ordinal)] = value;
            }
        }

        return variables;
    }

    /// <returns>False when the gateway ended before it was ready.</returns>
    private async Task<bool> GreetAsync(ChildServer gateway, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = options.Gateway, Timeout = TimeSpan.FromSeconds(30) };
        var alive = false;
        await Readiness.PollAsync(async token => gateway.Exited.IsCompleted || (alive = await IsAliveAsync(client, token)), ReadyPatience, time, cancellation);
        if (gateway.Exited.IsCompleted)
        {
            return false;
        }

        if (!alive)
        {
            throw new LocalServerException($"The gateway did not answer on {options.Gateway} within {ReadyPatience.TotalSeconds:0} seconds.");
        }

        try
        {
            var keys = await new DemoAccount(client, AdminToken(), Path.Combine(options.Data, "demo.json")).EnsureAsync(cancellation);
            Say(Greeting.Text(options.Gateway, keys, hasOwnToken: ConfiguredToken is not null));
            return true;
        }
        catch (HttpRequestException lost)
        {
            throw new LocalServerException($"The demo account could not be made: {lost.Message}");
        }
    }

    private static async Task<bool> IsAliveAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync("healthz", cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string? ConfiguredToken => options.Configuration["Admin:Token"] is { Length: > 0 } configured ? configured : null;

    private string AdminToken() => ConfiguredToken ?? PrivateFile.Secret(AdminTokenFile);

    private static string PostgresUrl(LocalStack stack)
    {
        try
        {
            return stack.PostgresUrl;
        }
        catch (ArgumentException)
        {
            throw new LocalServerException("ConnectionStrings:Postgres is no connection string; right would be Host=…;Port=5432;Username=…;Password=…;Database=…");
        }
    }

    private static string[] ThisProgram()
    {
        var process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, typeof(UpCommand).Assembly.Location] : [process];
    }

    /// <summary>The terminal may be gone, which must not keep us from stopping what runs.</summary>
    private static void Say(string line, TextWriter? writer = null)
    {
        try
        {
            (writer ?? System.Console.Out).WriteLine(line);
        }
        catch (IOException)
        {
            // Nobody is there to read.
        }
    }
}
