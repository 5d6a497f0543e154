namespace MeteringGateway.Calls.Providers.Connections;

/// <summary>
/// A request's body that can be sent again. YARP's own content reads the client's stream once, and HTTP's own retry,
/// where a server says that it has not processed a request (GOAWAY, REFUSED_STREAM), then fails on it although the whole body is in memory.
/// </summary>
internal sealed class ReplayableBody(ReadOnlyMemory<byte> body, Action<ProviderConnections> sent)
{
    private static readonly HttpRequestOptionsKey<ReplayableBody> s_key = new("metering-gateway.body");

    public static void Attach(HttpRequestMessage request, ReadOnlyMemory<byte> body, Action<ProviderConnections> sent) =>
        request.Options.Set(s_key, new ReplayableBody(body, sent));

    /// <summary>
    /// Puts the body into a request that is about to be sent over these connections. A request of another kind, like a health probe,
    /// is left as it is.
    /// </summary>
    public static void Fill(HttpRequestMessage request, ProviderConnections connections)
    {
        if (request.Options.TryGetValue(s_key, out var replay))
        {
            replay.FillIn(request, connections);
        }
    }

    private void FillIn(HttpRequestMessage request, ProviderConnections connections)
    {
        sent(connections);
        if (request.Content is { } given && given is not ReadOnlyMemoryContent)
        {
            var content = new ReadOnlyMemoryContent(body);
            foreach (var (name, values) in given.Headers.NonValidated)
            {
                content.Headers.TryAddWithoutValidation(name, values);
            }

            request.Content = content;
        }
    }
}
