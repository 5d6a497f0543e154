using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Calls.Providers.Connections;

/// <summary>
/// One generation of connections to a provider. All calls over HTTP/2 share few connections, and nothing of a pool shows which call is on
/// which: where a call gets no answer in time, the whole generation is given up, and the next calls open new connections.
/// What is under way on the old ones ends there. Any number of callers at once.
/// </summary>
internal sealed class ProviderConnections(
    ProviderHandler owner, ForwarderHttpClientContext context, ILogger<ForwarderHttpClientFactory> logger)
{
    private readonly Lock _gate = new();
    private volatile bool _multiplexes;
    private HttpMessageInvoker? _client;
    private int _users;
    private bool _retired;

    /// <summary>False where it has been given up meanwhile: the caller asks for the next generation.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_retired)
            {
                return false;
            }

            _client ??= new Factory(this, logger).CreateClient(context);
            _users++;
            return true;
        }
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _client!.SendAsync(request, cancellationToken);

    public void Leave()
    {
        lock (_gate)
        {
            _users--;
            DisposeWhenDone();
        }
    }

    /// <summary>
    /// No answer came in time. Over HTTP/1 the connection ended with the call; over HTTP/2 the next call would go out on the same one.
    /// </summary>
    public void GiveUp()
    {
        if (_multiplexes)
        {
            owner.Replace(this);
        }
    }

    public void Retire()
    {
        lock (_gate)
        {
            _retired = true;
            DisposeWhenDone();
        }
    }

    /// <summary>A pool that is disposed closes what is idle at once, and what is in use when its last answer has ended.</summary>
    private void DisposeWhenDone()
    {
        if (_retired && _users == 0)
        {
            _client?.Dispose();
        }
    }

    private sealed class Factory(ProviderConnections connections, ILogger<ForwarderHttpClientFactory> logger)
        : ForwarderHttpClientFactory(logger)
    {
        protected override bool CanReuseOldClient(ForwarderHttpClientContext context) => false;

        protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
        {
            base.ConfigureHandler(context, handler);
            ProviderHttpClient.Configure(context, handler);
            handler.PlaintextStreamFilter = (filter, _) =>
            {
                connections._multiplexes |= filter.NegotiatedHttpVersion >= HttpVersion.Version20;
                return ValueTask.FromResult(filter.PlaintextStream);
            };
        }
    }
}
