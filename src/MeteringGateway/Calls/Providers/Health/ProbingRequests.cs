using MeteringGateway.Calls.Surfaces;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace MeteringGateway.Calls.Providers.Health;

/// <summary>
/// The request of YARP's active health checks, with the headers that the provider is configured with: one that wants its key everywhere
/// would be counted as dead.
/// </summary>
internal sealed class ProbingRequests(SurfaceSource surfaces) : IProbingRequestFactory
{
    public HttpRequestMessage CreateRequest(ClusterModel cluster, DestinationModel destination)
    {
        var config = destination.Config;
        var health = cluster.Config.HealthCheck?.Active;
        var prefix = string.IsNullOrEmpty(config.Health) ? config.Address : config.Health;
        var settings = cluster.Config.HttpRequest ?? ForwarderRequestConfig.Empty;
        var target = ProviderPath.Read(health?.Path + health?.Query);
        var request = new HttpRequestMessage(HttpMethod.Get, target is null ? new Uri(prefix) : ProviderPath.Under(prefix, target))
        {
            Version = settings.Version ?? System.Net.HttpVersion.Version20,
            VersionPolicy = settings.VersionPolicy ?? HttpVersionPolicy.RequestVersionOrLower,
        };
        if (!string.IsNullOrEmpty(config.Host))
        {
            request.Headers.Host = config.Host;
        }

        request.Headers.TryAddWithoutValidation("User-Agent", "metering-gateway");
        foreach (var (name, value) in surfaces.Current.Providers.TryGetValue(cluster.Config.ClusterId, out var provider)
            ? provider.Headers
            : [])
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
