using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using MeteringGateway.Hosting;
using MeteringGateway.Ledger;
using MeteringGateway.Local.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Hosting;

public sealed class StopBoundTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-stop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("00:00:15", "00:00:30", "00:00:30", "00:01:10")]
    [InlineData("00:00:15", "00:00:30", "00:00:10", "00:00:55")]
    [InlineData("00:02:00", "00:00:30", "00:00:30", "00:02:40")]
    [InlineData("00:00:10", "00:10:00", "00:00:30", "00:10:40")]
    public async Task Host_IsStopped_WaitsForTheLongestCallAndForStreams(string total, string grace, string streams, string expected)
    {
        await using var app = Build(total, ("Credits:HoldGrace", grace), ("Hosting:StreamGrace", streams));
        Assert.Equal(TimeSpan.Parse(expected, null), BoundOf(app));
    }

    [Fact]
    public async Task Host_ALongerCatalogIsLoadedAndAShorterOne_WaitsForTheCallsOfBoth()
    {
        await using var app = Build("00:00:15");
        await using var longer = Build("00:05:00");
        var source = app.Services.GetRequiredService<SurfaceSource>();
        var first = source.Current;
        Assert.Equal(TimeSpan.FromSeconds(70), BoundOf(app));

        source.Replace(longer.Services.GetRequiredService<SurfaceSource>().Current);
        Assert.Equal(TimeSpan.FromSeconds(340), BoundOf(app));

        source.Replace(first);
        Assert.Equal(TimeSpan.FromSeconds(340), BoundOf(app));
    }

    [Fact]
    public async Task Longest_WhatTheConfigurationMayAskForAtMost_IsBeyondIt()
    {
        await using var app = Build("01:00:00", ("Credits:HoldGrace", "01:00:00"), ("Ledger:DrainTimeout", "00:00:25"));
        Assert.True(
            BoundOf(app) + app.Services.GetRequiredService<IOptions<LedgerOptions>>().Value.DrainTimeout < GatewayProgram.LongestStop);
        foreach (var (key, value) in new[]
        {
            ("Credits:HoldGrace", "01:00:01"), ("Ledger:DrainTimeout", "00:00:26"), ("Surfaces:search:TotalTimeout", "01:00:01"),
        })
        {
            Assert.Throws<ConfigurationException>(() => Build("00:00:15", (key, value)));
        }
    }

    private static TimeSpan BoundOf(WebApplication app) => app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;

    private WebApplication Build(string totalTimeout, params (string Key, string Value)[] settings)
    {
        var file = Path.Combine(_folder, "gateway.json");
        File.WriteAllText(file, $$"""
            { "ReverseProxy": { "Clusters": { "alpha": { "Destinations": { "d": { "Address": "http://127.0.0.1:9101" } } } } },
              "Surfaces": {
                "search": { "Price": { "Credits": 2 }, "Providers": ["alpha"], "TotalTimeout": "{{totalTimeout}}" },
                "short": { "Price": { "Credits": 2 }, "Providers": ["alpha"], "TotalTimeout": "00:00:01" } } }
            """);
        var overrides = settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        overrides["ConnectionStrings:Redis"] = "127.0.0.1:1";
        overrides["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Database=none";
        return GatewayHost.Build(GatewayConfiguration.LoadFile(file, overrides));
    }
}
