using System.Buffers;
using System.IO.Pipelines;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Management;
using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.Http.InnerCalls;

/// <summary>
/// Sends a request to the gateway's own endpoints without a connection. What shows or offers an API in another form (pages, tools) asks
/// that API, so that every rule of it, its refusals and its audit hold there by themselves. Any number of callers at once.
/// </summary>
internal sealed class InnerCalls(IServiceScopeFactory scopes)
{
    private RequestDelegate? _pipeline;

    /// <summary>Call once, after everything is mapped: the endpoints are those of <paramref name="app"/>.</summary>
    public void Take(WebApplication app)
    {
        var pipeline = ((IApplicationBuilder)app).New();
        pipeline.UseProblems();
        pipeline.UseEndpointsOf(app);
        _pipeline = pipeline.Build();
    }

    /// <summary>
    /// The answer, whatever its status. It has the address and the side (<c>Management:Urls</c>) of the request that it is sent for.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token, or the client of the request that it is sent for.</exception>
    public async Task<InnerAnswer> SendAsync(InnerCall call, HttpContext sender, CancellationToken cancellationToken)
    {
        var response = new InnerResponse(call.MaxAnswerBytes, call.Lease);
        using var client = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, call.RunsToItsEnd ? CancellationToken.None : sender.RequestAborted);
        using var lifetime = new InnerLifetime(client.Token);
        var context = new DefaultHttpContext(Features(call, sender, response, lifetime));
        var services = new RequestServicesFeature(context, scopes);
        context.Features.Set<IServiceProvidersFeature>(services);
        try
        {
            await _pipeline!(context);
            await response.StartAsync();
            await response.BodyFeature.CompleteAsync();
        }
        finally
        {
            await response.CompleteAsync();
            await services.DisposeAsync();
        }

        client.Token.ThrowIfCancellationRequested();
        return new InnerAnswer(response.StatusCode, response.Headers, response.Kept)
        {
            Trailers = response.Trailers,
            IsBrokenOff = lifetime.IsAborted,
            IsCut = response.IsCut,
        };
    }

    private static FeatureCollection Features(InnerCall call, HttpContext sender, InnerResponse response, InnerLifetime lifetime)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(Request(call, sender));
        features.Set<IRequestBodyPipeFeature>(new InnerBody(PipeReader.Create(new ReadOnlySequence<byte>(call.Body))));
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseTrailersFeature>(response);
        features.Set(response.BodyFeature);
        features.Set<IHttpConnectionFeature>(Connection(sender.Connection));
        features.Set<IHttpRequestLifetimeFeature>(lifetime);
        if (call.Vouched is not null)
        {
            features.Set(call.Vouched);
        }

        if (sender.Features.Get<ManagementConnection>() is { } management)
        {
            features.Set(management);
        }

        return features;
    }

    /// <summary>A copy: a client that leaves takes its connection along, and what it has asked for may go on.</summary>
    private static HttpConnectionFeature Connection(ConnectionInfo sender) => new()
    {
        ConnectionId = sender.Id,
        RemoteIpAddress = sender.RemoteIpAddress,
        RemotePort = sender.RemotePort,
        LocalIpAddress = sender.LocalIpAddress,
        LocalPort = sender.LocalPort,
    };

    private static HttpRequestFeature Request(InnerCall call, HttpContext sender)
    {
        var query = call.Target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? call.Target : call.Target[..query];
        var request = new HttpRequestFeature
        {
            Method = call.Method,
            Scheme = sender.Request.Scheme,
            Protocol = HttpProtocol.Http11,
            Path = PathString.FromUriComponent(path).Value!,
            QueryString = query < 0 ? "" : call.Target[query..],
            RawTarget = call.Target,
            Body = new MemoryStream(call.Body.ToArray(), writable: false),
        };
        foreach (var (name, value) in call.Headers)
        {
            request.Headers[name] = value;
        }

        request.Headers.Host = sender.Request.Host.Value;
        if (!call.Body.IsEmpty)
        {
            request.Headers.ContentType = call.ContentType;
            request.Headers.ContentLength = call.Body.Length;
        }

        return request;
    }

    /// <summary>All of it is there at once: nobody has to wait for it, and it is no upload.</summary>
    private sealed class InnerBody(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
