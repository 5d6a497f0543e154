using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Edge;
using MeteringGateway.Http.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.Calls.Metering;

/// <summary>
/// Calls under the providers' own paths (<c>Surfaces:&lt;slug&gt;:Routes</c>), before routing, which knows nothing of them: they change
/// with the configuration. No route overlaps an endpoint of the gateway, so it does not matter which is looked at first.
/// </summary>
internal sealed class MeteredRoutes(SurfaceSource surfaces, IServiceProvider services)
{
    private static readonly Problem s_dots = Problem.InvalidRequest(
        new FieldError("#path", "must be without the segments '.' and '..': it goes to the provider as it came"));

    /// <remarks>Asked for with the first call: the engine knows its partitions only once the database is migrated.</remarks>
    private MeteringEndpoint? _endpoint;

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var catalog = surfaces.Current;
        if (catalog.Routes.IsEmpty)
        {
            return next(context);
        }

        var request = context.Request;
        var method = context.Features.Get<HeadRequest>() is null ? request.Method : HttpMethods.Head;
        var match = catalog.Routes.Match(method, request.Path.Value ?? "");
        if (match.Surface is not { } surface)
        {
            return match.Allow is { } allowed ? OtherMethodAsync(context, next, allowed) : next(context);
        }

        context.Features.Set(SdkErrors.Instance);
        return RouteTarget.Of(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is { } target
            ? (_endpoint ??= services.GetRequiredService<MeteringEndpoint>()).MeterAsync(
                context, new MeteredCall { Target = target, Catalog = catalog, Surface = surface })
            : s_dots.WriteAsync(context).AsTask();
    }

    /// <summary>
    /// An endpoint of the gateway may have the path under this method; where none has, the path is there and the method is not.
    /// </summary>
    private static async Task OtherMethodAsync(HttpContext context, RequestDelegate next, string allowed)
    {
        await next(context);
        if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound, ContentType: null } response
            && context.GetEndpoint() is null)
        {
            context.Features.Set(SdkErrors.Instance);
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = allowed;
        }
    }
}
