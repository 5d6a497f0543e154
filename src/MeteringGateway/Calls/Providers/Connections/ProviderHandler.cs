using System.Reflection;
using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Calls.Providers.Connections;

/// <summary>
/// Sends a provider's calls over the generation of connections that is in use, and sends again what HTTP says was not processed.
/// Any number of callers at once.
/// </summary>
internal sealed class ProviderHandler : HttpMessageHandler
{
    /// <summary>
    /// The client library itself tries four times a round. A server that takes one request a connection while calls come side by side
    /// refuses most of a round; the attempt's own time bounds it all.
    /// </summary>
    private const int MostRounds = 8;

    /// <summary>
    /// Whether HTTP says that the request was not processed (GOAWAY that names an earlier stream as the last, REFUSED_STREAM,
    /// a pooled connection that had ended) is known to the library, which retries by it, and shown by no public property: the error code of
    /// a GOAWAY is that of a stream which a server reset in the middle of its work, too. Where the property is gone, nothing is sent again.
    /// </summary>
    private static readonly PropertyInfo? s_allowRetry = typeof(HttpRequestException).GetProperty(
        "AllowRetry", BindingFlags.Instance | BindingFlags.NonPublic);

    private readonly Func<ProviderHandler, ProviderConnections> _open;
    private ProviderConnections _current;

    public ProviderHandler(ForwarderHttpClientContext context, ILogger<ForwarderHttpClientFactory> logger)
    {
        var fresh = new ForwarderHttpClientContext
        {
            ClusterId = context.ClusterId,
            NewConfig = context.NewConfig,
            NewMetadata = context.NewMetadata,
        };
        _open = owner => new ProviderConnections(owner, fresh, logger);
        _current = _open(this);
    }

    /// <summary>Once for each generation, however many of its calls got no answer.</summary>
    public void Replace(ProviderConnections old)
    {
        if (Interlocked.CompareExchange(ref _current, _open(this), old) == old)
        {
            old.Retire();
        }
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, AttemptClient? attempt, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var connections = Enter();
            try
            {
                attempt?.Connections = connections;
                return await connections.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException e) when (round < MostRounds && IsUnprocessed(e))
            {
                // The next round goes out on another stream, or another connection.
            }
            finally
            {
                connections.Leave();
            }
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, attempt: null, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current.Retire();
        }

        base.Dispose(disposing);
    }

    private ProviderConnections Enter()
    {
        while (true)
        {
            var current = Volatile.Read(ref _current);
            if (current.TryEnter())
            {
                return current;
            }

            // Given up between the two lines, or the cluster is gone: then one more generation serves the calls that still hold it.
            Interlocked.CompareExchange(ref _current, _open(this), current);
        }
    }

    private static bool IsUnprocessed(HttpRequestException e) => s_allowRetry?.GetValue(e)?.ToString() == "RetryOnConnectionFailure";
}
