namespace MeteringGateway.Calls.Providers.Connections;

/// <summary>YARP's client for a cluster: health checks go through it as it is, attempts through an <see cref="AttemptClient"/>.</summary>
internal sealed class ProviderClient(ProviderHandler handler) : HttpMessageInvoker(handler, disposeHandler: true)
{
    public AttemptClient ForAttempt(ReadOnlyMemory<byte> body, IReadOnlyList<KeyValuePair<string, string>> bodyHeaders) =>
        new(handler, body, bodyHeaders);
}
