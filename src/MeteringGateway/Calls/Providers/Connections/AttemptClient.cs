namespace MeteringGateway.Calls.Providers.Connections;

/// <summary>
/// The client of one attempt. It gives the request a body that can be sent again: YARP's own content reads the client's stream once, and
/// HTTP's own retry, where a server says that it has not processed a request (GOAWAY, REFUSED_STREAM), then fails on it although the
/// whole body is in memory.
/// </summary>
internal sealed class AttemptClient(
    ProviderHandler handler, ReadOnlyMemory<byte> body, IReadOnlyList<KeyValuePair<string, string>> bodyHeaders)
    : HttpMessageInvoker(handler, disposeHandler: false)
{
    /// <summary>The connections that the request went out on last, so that they can be given up where nothing came back.</summary>
    public ProviderConnections? Connections { get; set; }

    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Fill(request, body, bodyHeaders);
        return handler.SendAsync(request, this, cancellationToken);
    }

    /// <summary>A request that YARP would send without a body goes without one.</summary>
    internal static void Fill(
        HttpRequestMessage request, ReadOnlyMemory<byte> body, IReadOnlyList<KeyValuePair<string, string>> bodyHeaders)
    {
        if (request.Content is not null)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            for (var i = 0; i < bodyHeaders.Count; i++)
            {
                request.Content.Headers.TryAddWithoutValidation(bodyHeaders[i].Key, bodyHeaders[i].Value);
            }
        }
    }
}
