using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using MeteringGateway.Hosting;
using MeteringGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace MeteringGateway.Tests.Hosting;

public sealed class SurfaceReloaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-reload-").FullName;
    private readonly string _file;
    private readonly LogLines _log = new();
    private readonly SteppedClock _clock = new();
    private readonly ServiceProvider _services;
    private readonly SurfaceReloader _reloader;

    public SurfaceReloaderTests()
    {
        _file = Path.Combine(_folder, "gateway.json");
        File.WriteAllText(_file, Config("search", "alpha"));
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_log)).AddMetrics();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSurfaces(
            GatewayConfiguration.LoadFile(_file, [new("ConnectionStrings:Redis", "a:1"), new("ConnectionStrings:Postgres", "Host=a")]));
        _services = services.BuildServiceProvider();
        _reloader = _services.GetRequiredService<SurfaceReloader>();
    }

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Look_NothingChanged_SameCatalog()
    {
        var before = Current;

        LookTwice();

        Assert.Same(before, Current);
    }

    [Fact]
    public void Look_ChangedFile_ReachesSurfacesAndYarp()
    {
        var changes = 0;
        _services.GetRequiredService<SurfaceSource>().Changed += _ => changes++;
        File.WriteAllText(_file, Config("chat", "beta"));

        _reloader.Look();
        Assert.Equal(["search"], Current.Slugs.ToArray());
        _reloader.Look();

        Assert.Equal(["chat"], Current.Slugs.ToArray());
        Assert.Contains("beta", Clusters);
        Assert.Equal(1, changes);
    }

    [Fact]
    public void Look_ProviderRemoved_StaysForCallsInFlightThenGoes()
    {
        File.WriteAllText(_file, Config("chat", "beta"));
        LookTwice();
        Assert.Equal(["alpha", "beta"], Clusters.Order());

        // The longest call of the old catalog has the default of 30 s.
        _clock.Step(TimeSpan.FromSeconds(30));
        _reloader.Look();
        Assert.Equal(["alpha", "beta"], Clusters.Order());

        _clock.Step(TimeSpan.FromSeconds(6));
        _reloader.Look();
        Assert.Equal(["beta"], Clusters);
    }

    [Fact]
    public void Look_ProviderChanged_OnlyItsNewSettingsRemain()
    {
        File.WriteAllText(_file, Config("search", "alpha", policy: "LeastRequests").Replace("\"d\"", "\"e\"", StringComparison.Ordinal));

        LookTwice();

        var cluster = Assert.Single(_services.GetRequiredService<IProxyConfigProvider>().GetConfig().Clusters);
        Assert.Equal("LeastRequests", cluster.LoadBalancingPolicy);
        Assert.Equal(["e"], cluster.Destinations!.Keys);
    }

    [Fact]
    public void AddSurfaces_YarpsOwnServices_LeaveNoKeyFiles() =>
        Assert.DoesNotContain(
            _services.GetServices<IHostedService>(),
            service => service.GetType().Name.Contains("DataProtection", StringComparison.Ordinal));

    [Fact]
    public void Look_FileReplacedByRename_Accepted()
    {
        File.WriteAllText(_file + ".new", Config("chat", "beta"));
        File.Move(_file + ".new", _file, overwrite: true);

        LookTwice();

        Assert.Equal(["chat"], Current.Slugs.ToArray());
    }

    [Theory]
    [InlineData("{ \"Surfaces\": { \"chat\": {")]
    [InlineData("")]
    [InlineData("{}")]
    public void Look_BrokenFile_OldOneKeepsServingUntilItIsRight(string broken)
    {
        File.WriteAllText(_file, broken);
        LookTwice();
        Assert.Equal(["search"], Current.Slugs.ToArray());
        Assert.Equal(["alpha"], Clusters);

        File.WriteAllText(_file, Config("chat", "beta"));
        LookTwice();
        Assert.Equal(["chat"], Current.Slugs.ToArray());
    }

    [Fact]
    public void Look_SurfacesRightButYarpRefuses_NeitherChanges()
    {
        File.WriteAllText(_file, Config("chat", "beta", policy: "Best"));

        LookTwice();

        Assert.Equal(["search"], Current.Slugs.ToArray());
        Assert.Equal(["alpha"], Clusters);
    }

    [Fact]
    public void Look_DeletedFile_OldOneKeepsServing()
    {
        File.Delete(_file);

        LookTwice();

        Assert.Equal(["search"], Current.Slugs.ToArray());
    }

    [Fact]
    public void Look_StillBeingWritten_WaitsUntilItIsQuiet()
    {
        File.WriteAllText(_file, "{ \"Surf");
        _reloader.Look();
        File.WriteAllText(_file, Config("chat", "beta"));
        _reloader.Look();
        Assert.Equal(["search"], Current.Slugs.ToArray());

        _reloader.Look();

        Assert.Equal(["chat"], Current.Slugs.ToArray());
    }

    [Fact]
    public void Look_PriceChanged_LoggedAsADifference()
    {
        File.WriteAllText(_file, Config("search", "alpha").Replace("\"Credits\": 2", "\"Credits\": 7", StringComparison.Ordinal));

        LookTwice();

        Assert.Contains("Reloaded price of search: 2 → 7", _log.Lines);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("restart", StringComparison.Ordinal));
    }

    [Fact]
    public void Look_ProvidersSecretChanged_SaidButNotShown()
    {
        File.WriteAllText(_file, Config("search", "alpha").Replace("\"secret\"", "\"geheim\"", StringComparison.Ordinal));

        LookTwice();

        Assert.Contains("Reloaded ReverseProxy:Clusters:alpha:Metadata:Header:X-Api-Key is another (not shown)", _log.Lines);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("geheim", StringComparison.Ordinal));
    }

    [Fact]
    public void Look_SettingThatIsReadAtTheStart_NeedsARestart()
    {
        var with = Config("search", "alpha").TrimEnd()[..^1] + """, "Ledger": { "BatchSize": 9 }, "Admin": { "Token": "geheim" } }""";
        File.WriteAllText(_file, with);
        LookTwice();
        File.WriteAllText(_file, with + " ");
        LookTwice();

        Assert.Single(_log.Lines, "Ledger:BatchSize: unset → 9 needs a restart; until then the value of the start holds");
        Assert.Single(_log.Lines, "Admin:Token is another (not shown) needs a restart; until then the value of the start holds");
    }

    [Theory]
    [InlineData("\"Ledgr\": { \"BatchSize\": 9 }")]
    [InlineData("\"Ledger\": { \"BatchSize\": 0 }")]
    [InlineData("\"Logging\": { \"LogLevl\": {} }")]
    public void Look_WrongSettingElsewhere_WholeFileIsRejected(string more)
    {
        File.WriteAllText(_file, Config("chat", "beta").TrimEnd()[..^1] + $", {more} }}");

        LookTwice();

        Assert.Equal(["search"], Current.Slugs.ToArray());
    }

    private SurfaceCatalog Current => _services.GetRequiredService<SurfaceSource>().Current;

    private IEnumerable<string> Clusters =>
        _services.GetRequiredService<IProxyConfigProvider>().GetConfig().Clusters.Select(c => c.ClusterId);

    private void LookTwice()
    {
        _reloader.Look();
        _reloader.Look();
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
                Lines.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }

    private sealed class SteppedClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public void Step(TimeSpan step) => _now += step;

        public override DateTimeOffset GetUtcNow() => _now;
    }

    private static string Config(string slug, string provider, string policy = "RoundRobin") => $$"""
        { "ReverseProxy": { "Clusters": { "{{provider}}": {
            "LoadBalancingPolicy": "{{policy}}",
            "Destinations": { "d": { "Address": "http://127.0.0.1:9101" } },
            "Metadata": { "Header:X-Api-Key": "secret" } } } },
          "Surfaces": { "{{slug}}": { "Price": { "Credits": 2 }, "Providers": ["{{provider}}"] } } }
        """;
}
