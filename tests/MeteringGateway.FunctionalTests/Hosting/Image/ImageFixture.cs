using System.Globalization;
using System.Net;
using MeteringGateway.Local.DemoProviders;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Hosting.Image;

/// <summary>
/// What the images of the <c>Dockerfile</c> hold, published by its own commands, and run as <c>docker-compose.yml</c> says without an
/// engine: as a user who owns nothing, from folders that nobody may write to, with the variables of the two files and no other. Of the
/// compose file only hosts and ports are others.
/// </summary>
public sealed class ImageFixture : IAsyncLifetime
{
    private const string Password = "0123456789abcdef";

    /// <summary>What the base image sets itself.</summary>
    private static readonly Dictionary<string, string> s_base =
        new() { ["APP_UID"] = "1654", ["DOTNET_RUNNING_IN_CONTAINER"] = "true", ["ASPNETCORE_HTTP_PORTS"] = "8080" };

    private readonly TemporaryDirectory _directory = new();
    private readonly ImageRecipe _recipe = ImageRecipe.Read(Path.Combine(Root, "Dockerfile"));
    private IReadOnlyList<string> _nobody = [];
    private Stores? _stores;
    private int _managementPort;

    internal Container Demo { get; private set; } = null!;
    internal Container Gateway { get; private set; } = null!;
    internal Stores Stores => _stores!;
    public Uri Calls { get; private set; } = null!;

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Dockerfile")))
            {
                folder = folder.Parent;
            }

            return folder.FullName;
        }
    }

    public async Task InitializeAsync()
    {
        await PublishAsync();
        _nobody = (await PostgresRunAs.ForAsync(Container.RuntimeDirectory, CancellationToken.None)).Prefix;
        _stores = await Stores.StartAsync(new RedisServerOptions { Password = Password });
        var ports = await StartDemoAsync();
        await StartGatewayAsync(ports);
    }

    public async Task DisposeAsync()
    {
        foreach (var container in new[] { Gateway, Demo }.Where(container => container is not null))
        {
            await container.DisposeAsync();
        }

        if (_stores is not null)
        {
            await _stores.DisposeAsync();
        }

        await MustAsync(["chmod", "-R", "u+w", _directory.Path]);
        _directory.Dispose();
    }

    private async Task PublishAsync()
    {
        foreach (var publish in _recipe.Publishes)
        {
            // A source path of the build stage, and a folder of the image.
            var words = publish.Select((word, i) =>
                word.StartsWith("src/", StringComparison.Ordinal) ? Path.Combine(Root, word)
                : publish[i - (i > 0 ? 1 : 0)] == "--output" ? Folder(word) : word);

            // The compiler and the build would leave servers behind for the next build.
            await MustAsync([.. words, "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"]);
        }

        Directory.CreateDirectory(_directory.In("config"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "config")))
        {
            File.Copy(file, Path.Combine(_directory.In("config"), Path.GetFileName(file)));
        }

        await MustAsync(["chmod", "-R", "a-w,a+rX", _directory.Path]);
        await MustAsync(["chmod", "u+w", _directory.Path]);
    }

    /// <summary>Four free ports in a row are there for a moment only: who else takes one of them makes us look for others.</summary>
    private async Task<int> StartDemoAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var first = LoopbackPort.Free();
            if (!Enumerable.Range(first, DemoProviderOptions.Count).All(port => port < 65536 && LoopbackPort.IsFree(IPAddress.Any, port)))
            {
                continue;
            }

            string[] port = ["--port", first.ToString(CultureInfo.InvariantCulture)];
            Demo = new Container(
                _recipe, "demo-providers", Folder("demo-providers"), [.. _recipe.HealthCheck("demo-providers"), .. port],
                new Dictionary<string, string>(), _nobody,
                _directory.In("demo.log"));
            await Demo.StartAsync([.. _recipe.Command("demo-providers"), .. port], TimeSpan.FromSeconds(20));
            if (await Demo.AwaitHealthyAsync())
            {
                return first;
            }

            var log = Demo.Log;
            await Demo.DisposeAsync();
            if (attempt == 5)
            {
                throw new InvalidOperationException($"The demo providers did not start: {log}");
            }
        }
    }

    private async Task StartGatewayAsync(int firstDemoPort)
    {
        var service = ComposeService.Read(Path.Combine(Root, "docker-compose.yml"), "gateway", new Dictionary<string, string>
        {
            ["ADMIN_TOKEN"] = GatewayProcess.AdminToken,
            ["REDIS_PASSWORD"] = Password,
            ["POSTGRES_PASSWORD"] = Password,
        });
        Calls = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}"));
        _managementPort = LoopbackPort.Free();
        var environment = new Dictionary<string, string>(s_base);
        foreach (var (name, value) in _recipe.Environment("gateway").Concat(service.Environment))
        {
            environment[name] = Here(name, value, firstDemoPort);
        }

        Gateway = new Container(
            _recipe, "gateway", Folder("gateway"), service.HealthCheck, environment, _nobody, _directory.In("gateway.log"));
        await Gateway.StartAsync(_recipe.Command("gateway"), service.StopGrace);
        Assert.True(await Gateway.AwaitHealthyAsync(), Gateway.Log);
    }

    /// <summary>The same setting with this machine's hosts and ports.</summary>
    private string Here(string name, string value, int firstDemoPort)
    {
        var moved = value
            .Replace("0.0.0.0:8080", $"0.0.0.0:{Calls.Port}", StringComparison.Ordinal)
            .Replace("0.0.0.0:9464", $"0.0.0.0:{_managementPort}", StringComparison.Ordinal)
            .Replace("redis:6379", $"127.0.0.1:{Stores.Redis.Port}", StringComparison.Ordinal)
            .Replace("/etc/metering-gateway", _directory.In("config"), StringComparison.Ordinal);
        for (var i = 0; i < DemoProviderOptions.Count; i++)
        {
            moved = moved.Replace(
                $"demo-providers:{DemoProviderOptions.DefaultFirstPort + i}", $"127.0.0.1:{firstDemoPort + i}", StringComparison.Ordinal);
        }

        if (name != "ConnectionStrings__Postgres")
        {
            return moved;
        }

        var ours = new NpgsqlConnectionStringBuilder(Stores.PostgresConnection);
        return new NpgsqlConnectionStringBuilder(moved)
        {
            Host = ours.Host,
            Port = ours.Port,
            Database = ours.Database,
            Username = ours.Username,
        }.ConnectionString;
    }

    private string Folder(string ofImage) => _directory.In(ofImage.TrimStart('/'));

    private static async Task MustAsync(IReadOnlyList<string> command)
    {
        var (code, output) = await ShellCommand.RunAsync(command, CancellationToken.None);
        Assert.True(code == 0, $"{string.Join(' ', command)}: {output}");
    }
}
