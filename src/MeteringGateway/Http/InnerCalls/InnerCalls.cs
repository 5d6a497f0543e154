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
        var response = new InnerResponse();
        var context = new DefaultHttpContext(Features(call, sender, response, cancellationToken));
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

        cancellationToken.ThrowIfCancellationRequested();
        return new InnerAnswer(response.StatusCode, response.Headers, response.Bytes.GetBuffer().AsMemory(0, (int)response.Bytes.Length));
    }

    private static FeatureCollection Features(
        InnerCall call, HttpContext sender, InnerResponse response, CancellationToken cancellationToken)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(Request(call, sender));
        features.Set<IHttpResponseFeature>(response);
        features.Set(response.BodyFeature);
        features.Set(sender.Features.GetRequiredFeature<IHttpConnectionFeature>());
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = cancellationToken });
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
}
