using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.Calls.Metering;

/// <summary>
/// Calls under the providers' own paths (<c>Surfaces:&lt;slug&gt;:Routes</c>), before routing, which knows nothing of them: they change
/// with the configuration. No route overlaps an endpoint of the gateway, so it does not matter which is looked at first.
/// </summary>
internal static class MeteredRoutes
{
    private static readonly Problem s_dots = Problem.InvalidRequest(
        new FieldError("#path", "must be without the segments '.' and '..': it goes to the provider as it came"));

    /// <summary>In front of everything, so that whatever refuses the request does it in the shape that the route's clients read.</summary>
    public static void Find(HttpContext context, SurfaceCatalog catalog)
    {
        if (catalog.Routes.IsEmpty)
        {
            return;
        }

        var match = catalog.Routes.Match(context.Request.Method, context.Request.Path.Value ?? "");
        if (match.Surface is null && match.Allow is null)
        {
            return;
        }

        context.Features.Set(new FoundRoute(catalog, match.Surface, match.Allow));
        if (match.Surface is not null)
        {
            context.Features.Set(SdkErrors.Instance);
        }
    }

    /// <param name="context">Of a request that <see cref="Find"/> has seen.</param>
    /// <param name="next">For a request that is none of these.</param>
    /// <param name="endpoint">Meters those that are.</param>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next, Func<MeteringEndpoint> endpoint)
    {
        if (context.Features.Get<FoundRoute>() is not { } found)
        {
            return next(context);
        }

        if (found.Surface is not { } surface)
        {
            return OtherMethodAsync(context, next, found.Allow!);
        }

        return RouteTarget.Of(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is { } target
            ? endpoint().MeterAsync(context, new MeteredCall { Target = target, Catalog = found.Catalog, Surface = surface })
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

    /// <summary>What a request's method and path have found in the catalog of the moment.</summary>
    private sealed record FoundRoute(SurfaceCatalog Catalog, Surface? Surface, string? Allow);
}
