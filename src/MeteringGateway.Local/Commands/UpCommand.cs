using System.CommandLine;
using System.Net;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Local.Commands;

/// <summary>
/// Verb up, what ./run calls: Redis and PostgreSQL, demo providers, gateway, demo account, and the end of all of it.
/// The order of the end matters: the gateway first, which answers what is in flight, then what it needs for that.
/// </summary>
internal sealed class UpCommand(UpOptions options, string program, TimeProvider time)
{
    /// <summary>
    /// After a kill -9 of ours the gateway before us drains while we start; past this a person had better know whom we wait for.
    /// </summary>
    private static readonly TimeSpan PredecessorPatience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(60);

    public static Command Build(TimeProvider time)
    {
        var demo = new Option<bool>("--demo")
        {
            Description =
                "Demo account, payment sandbox and open sign-up on stores of your own, too. Without such stores they always come.",
        };
        var gateway = new Argument<string>("GATEWAY") { Description = "The gateway's program, as ./run has built it. ./mg fills it in." };
        var command = new Command(
            "up",
            "What ./run calls: Redis, PostgreSQL, the demo providers and the gateway on this machine, with a demo account. "
                + "Data is kept in .data/.")
        {
            gateway, demo,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                var options = UpOptions.Read(parsed.GetValue(demo));
                return await new UpCommand(options, parsed.GetRequiredValue(gateway), time).RunAsync(cancellation);
            }
            catch (LocalServerException problem)
            {
                Say(problem.Message, Console.Error);
                return 1;
            }
        });
        return command;
    }

    private async Task<int> RunAsync(CancellationToken cancellation)
    {
        options.RefuseHalfOfTheStores();
        using var signals = new StopSignals();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(signals.Requested, cancellation);
        PrivateFile.CreatePassage(options.Files.Data);
        using var alone = RunLock.Take(options.Files.Lock);
        try
        {
            await PidFile.AwaitPredecessorAsync(options.Files.GatewayPid, GatewayProgram.Name, PredecessorPatience, time, stop.Token);
            options.RefuseTakenPorts();
            await using var stack = await LocalStack.StartAsync(options, line => Say(line), time, stop.Token);
            if (stack.PostgresUrl is { } url)
            {
                PrivateFile.Write(options.Files.PostgresUrl, url + "\n");
            }

            await using var providers = new DemoProviderPorts(options.Configuration, options.OwnConfig, time);
            await providers.StartAsync(line => Say(line), stop.Token);
            var settings = new UpSettings(options, stack, providers, AdminToken());
            await using var gateway = await StartGatewayAsync(settings, stop.Token);
            stack.StopAfter(gateway.Pid, GatewayProgram.LongestStop);
            using var insisted = signals.Insisted.Register(() => ProcessSignal.Kill.SendTo(gateway.Pid));
            var loss = stack.LossAsync();
            if (await GreetAsync(gateway, providers, settings, stop.Token))
            {
                await Task.WhenAny(gateway.Exited, loss, StopSignals.UntilAsync(stop.Token));
            }

            return await EndAsync(gateway, loss, stop.IsCancellationRequested);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static async Task<int> EndAsync(ChildServer gateway, Task<string> loss, bool asked)
    {
        if (gateway.Exited.IsCompleted && !asked)
        {
            var code = await gateway.Exited;
            Say($"The gateway ended with exit code {code}; everything is stopped.", Console.Error);
            return code == 0 ? 1 : code;
        }

        if (asked)
        {
            Say("Stopping …");
        }
        else
        {
            Say($"The {await loss} server has ended; everything is stopped. Its log is in .data/.", Console.Error);
        }

        await gateway.StopAsync();
        return asked ? 0 : 1;
    }

    private Task<ChildServer> StartGatewayAsync(UpSettings settings, CancellationToken cancellation) => ChildServer.StartAsync(
        new ChildServerStart(GatewayProgram.Name, GatewayProgram.Serve(program))
        {
            // It ends itself in time, by what it has reloaded since. A second Ctrl-C is for those who don't want to wait.
            Grace = GatewayProgram.LongestStop,
            PredecessorPatience = PredecessorPatience,
            PidFile = options.Files.GatewayPid,
            Environment = settings.Variables,
        },
        time,
        cancellation);

    /// <returns>False when the gateway ended before it was ready.</returns>
    private async Task<bool> GreetAsync(
        ChildServer gateway, DemoProviderPorts providers, UpSettings settings, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = options.Operator,
            Timeout = TimeSpan.FromSeconds(30),
        };
        var alive = false;
        await Readiness.PollAsync(
            async token => gateway.Exited.IsCompleted || (alive = await IsAliveAsync(client, token)), ReadyPatience, time, cancellation);
        if (gateway.Exited.IsCompleted)
        {
            return false;
        }

        if (!alive)
        {
            throw new LocalServerException(
                $"The gateway did not answer on {options.Operator} within {ReadyPatience.TotalSeconds:0} seconds.");
        }

        PrivateFile.Write(options.Files.GatewayUrl, options.Operator.GetLeftPart(UriPartial.Authority) + "\n");
        Say(new Greeting(options.Gateway, new GreetingCalls(await SoldAsync(client, cancellation), providers.IsDemo))
        {
            Keys = options.IsDemo ? await DemoKeysAsync(client, cancellation) : null,
            IsOn = [.. settings.IsOn],
            HasOwnToken = ConfiguredToken is not null,
            HasOwnStores = !options.StartsStores,
            Operator = options.Operator,
        }.Text());
        return true;
    }

    private async Task<IReadOnlyList<SoldSurface>> SoldAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            return await SoldSurface.AllAsync(client, AdminToken(), cancellation);
        }
        catch (HttpRequestException lost)
        {
            throw new LocalServerException($"The gateway did not say what it sells: {lost.Message}");
        }
    }

    private async Task<DemoKeys> DemoKeysAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            return await new DemoAccount(client, options.Gateway, AdminToken(), options.Files.DemoKeys(!options.StartsStores))
                .EnsureAsync(cancellation);
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

    private string AdminToken() => ConfiguredToken ?? PrivateFile.Secret(options.Files.AdminToken);

    /// <summary>The terminal may be gone, which must not keep us from stopping what runs.</summary>
    private static void Say(string line, TextWriter? writer = null)
    {
        try
        {
            (writer ?? Console.Out).WriteLine(line);
        }
        catch (IOException)
        {
            // Nobody is there to read.
        }
    }
}
