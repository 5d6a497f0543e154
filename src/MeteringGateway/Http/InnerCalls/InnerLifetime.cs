using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.Http.InnerCalls;

/// <summary>How long an inner call lives: until its client leaves, or an endpoint cuts the connection that there is none of.</summary>
internal sealed class InnerLifetime(CancellationToken client) : IHttpRequestLifetimeFeature, IDisposable
{
    private readonly CancellationTokenSource _aborted = CancellationTokenSource.CreateLinkedTokenSource(client);

    /// <summary>By an endpoint.</summary>
    public bool IsAborted { get; private set; }

    public CancellationToken RequestAborted
    {
        get => _aborted.Token;
        set => throw new NotSupportedException("The token of an inner call is its sender's.");
    }

    public void Abort()
    {
        IsAborted = true;
        _aborted.Cancel();
    }

    public void Dispose() => _aborted.Dispose();
}
