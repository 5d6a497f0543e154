using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Calls.Providers.Connections;

/// <summary>Makes YARP's client for a cluster: kept for as long as its <c>HttpClient</c> settings stay the same.</summary>
internal sealed class ProviderClientFactory(ILogger<ForwarderHttpClientFactory> logger) : IForwarderHttpClientFactory
{
    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) =>
        context.OldClient is { } old && context.NewConfig == context.OldConfig
            ? old
            : new ProviderClient(new ProviderHandler(context, logger));
}
