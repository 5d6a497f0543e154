using System.Globalization;
using System.Net;
using MeteringGateway.Local.DemoProviders;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Local.Commands;

/// <summary>
/// The demo providers of ./run, at the ports where the configuration looks for them. Where another clone's have those already, ours take
/// free ones, and the gateway is told by a setting over its file.
/// </summary>
internal sealed class DemoProviderPorts(IConfiguration configuration, bool ownConfig, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Two starts at the same moment find the same ports free.</summary>
    private const int Attempts = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly List<Destination> _destinations = [.. Destinations(configuration)];
    private readonly Dictionary<int, int> _listening = [];
    private DemoProviderServer? _server;

    /// <summary>Names and ports, for a person.</summary>
    public IReadOnlyDictionary<string, int> Listening => _server?.Ports ?? new Dictionary<string, int>();

    /// <summary>Settings for the gateway: the addresses of the providers that had to move.</summary>
    public IEnumerable<(string Name, string Value)> Moved => _destinations
        .Where(destination => _listening.TryGetValue(destination.Index, out var port) && port != destination.Address.Port)
        .Select(destination => (destination.Path, At(destination.Address, _listening[destination.Index])));

    public bool IsDemo(string cluster) => _destinations.Any(destination =>
        destination.Cluster.Equals(cluster, StringComparison.OrdinalIgnoreCase) && _listening.ContainsKey(destination.Index));

    public async Task StartAsync(Action<string> say, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var ports = await ChooseAsync(say, cancellation);
            if (ports.Count == 0)
            {
                return;
            }

            try
            {
                _server = await DemoProviderServer.StartAsync(new DemoProviderOptions { Ports = ports }, time, cancellation);
                foreach (var (index, port) in ports.Keys.Order().Zip(_server.Ports.Values))
                {
                    _listening[index] = port;
                }

                return;
            }
            catch (IOException inUse) when (attempt == Attempts)
            {
                throw new LocalServerException($"The demo providers could not listen: {inUse.Message}");
            }
            catch (IOException)
            {
                // Somebody took a port between the look and the start.
            }
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<Dictionary<int, int>> ChooseAsync(Action<string> say, CancellationToken cancellation)
    {
        var ports = new Dictionary<int, int>();
        foreach (var index in _destinations.Select(destination => destination.Index).Distinct())
        {
            var port = DemoProviderOptions.DefaultFirstPort + index;
            if (LoopbackPort.IsFree(IPAddress.Loopback, port))
            {
                ports[index] = port;
            }
            else if (!ownConfig || await IsDemoProviderAsync(port, cancellation))
            {
                ports[index] = 0;
            }
            else
            {
                // A configuration of one's own may well have its own provider there.
                say($"Port {port} has a provider already, so no demo provider is started for it.");
            }
        }

        return ports;
    }

    private static async Task<bool> IsDemoProviderAsync(int port, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = s_patience };
        try
        {
            var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
            using var answer = await client.GetAsync(address, cancellation);
            return answer.StatusCode == HttpStatusCode.MethodNotAllowed
                && (await answer.Content.ReadAsStringAsync(cancellation)).Contains(DemoProvider.HowToAsk, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    private static string At(Uri address, int port) => new UriBuilder(address) { Port = port }.Uri.ToString();

    private static IEnumerable<Destination> Destinations(IConfiguration configuration) =>
        from cluster in configuration.GetSection("ReverseProxy:Clusters").GetChildren()
        from destination in cluster.GetSection("Destinations").GetChildren()
        let address = destination["Address"]
        where Uri.TryCreate(address, UriKind.Absolute, out _)
        let uri = new Uri(address)
        where uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback
            && uri.Port is >= DemoProviderOptions.DefaultFirstPort and < DemoProviderOptions.DefaultFirstPort + DemoProviderOptions.Count
        select new Destination(cluster.Key, destination.Path + ":Address", uri, uri.Port - DemoProviderOptions.DefaultFirstPort);

    /// <summary>A place where the configuration looks for a demo provider.</summary>
    private sealed record Destination(string Cluster, string Path, Uri Address, int Index);
}
