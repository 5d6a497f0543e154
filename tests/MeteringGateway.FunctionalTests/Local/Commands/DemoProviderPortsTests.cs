using System.Net;
using System.Net.Http.Json;
using MeteringGateway.Local.Commands;
using Microsoft.Extensions.Configuration;

namespace MeteringGateway.FunctionalTests.Local.Commands;

public sealed class DemoProviderPortsTests
{
    private static readonly HttpClient s_client = new();

    [Fact]
    public async Task Second_PortsTaken_ListensOnFreeOnesAndSaysWhereForEveryCluster()
    {
        var configuration = Configure(
            ("usage-priced", "http://127.0.0.1:9104/base"), ("own", "http://localhost:9104"), ("other", "http://192.0.2.1:9104"),
            ("near", "http://127.0.0.1:9105"));
        await using var first = new DemoProviderPorts(configuration, ownConfig: false, TimeProvider.System);
        await using var second = new DemoProviderPorts(configuration, ownConfig: true, TimeProvider.System);
        await first.StartAsync(Ignore, CancellationToken.None);
        await second.StartAsync(Ignore, CancellationToken.None);

        var (name, port) = Assert.Single(first.Listening);
        Assert.Equal("usage-priced", name);
        if (second.Listening.Count == 0)
        {
            // Another program than a demo provider has 9104 on this machine, and a configuration of one's own may mean that one.
            Assert.Empty(second.Moved);
            return;
        }

        var moved = second.Moved.ToDictionary(setting => setting.Name, setting => new Uri(setting.Value));
        Assert.Equal(
            ["ReverseProxy:Clusters:own:Destinations:d:Address", "ReverseProxy:Clusters:usage-priced:Destinations:d:Address"],
            moved.Keys.Order(StringComparer.Ordinal));
        var address = moved["ReverseProxy:Clusters:usage-priced:Destinations:d:Address"];
        Assert.Equal((second.Listening["usage-priced"], "/base"), (address.Port, address.AbsolutePath));
        Assert.NotEqual(port, address.Port);
        using var answer = await s_client.PostAsJsonAsync(address, new { query = "hello" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([true, true, false, false], new[] { "usage-priced", "own", "other", "near" }.Select(second.IsDemo));
    }

    [Fact]
    public async Task Configuration_WithoutTheirPorts_StartsNone()
    {
        await using var none = new DemoProviderPorts(Configure(("own", "http://127.0.0.1:9")), ownConfig: true, TimeProvider.System);

        await none.StartAsync(Ignore, CancellationToken.None);

        Assert.Empty(none.Listening);
        Assert.Empty(none.Moved);
    }

    private static IConfiguration Configure(params (string Cluster, string Address)[] clusters) => new ConfigurationBuilder()
        .AddInMemoryCollection(clusters.Select(cluster =>
            new KeyValuePair<string, string?>($"ReverseProxy:Clusters:{cluster.Cluster}:Destinations:d:Address", cluster.Address)))
        .Build();

    private static void Ignore(string line)
    {
        // What is said is for a person.
    }
}
