using System.Collections.Immutable;
using MeteringGateway.Calls.Surfaces.Routes;
using MeteringGateway.Configuration;

namespace MeteringGateway.Calls.Surfaces.Fields;

/// <summary>Reads a surface's <c>Routes</c>. Whether they overlap with others is looked at once all surfaces are read.</summary>
internal static class RoutesReader
{
    /// <param name="fields">The surface's.</param>
    /// <param name="readsRequest">Whether fields of the request have a say in its price: a GET has none.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static ImmutableArray<RouteEntry> Read(SectionFields fields, bool readsRequest, ConfigurationErrors errors)
    {
        var routes = ImmutableArray.CreateBuilder<RouteEntry>();
        foreach (var element in fields.List("Routes") ?? [])
        {
            if (element.Value is not { } text || RouteEntry.Read(text) is not { } route)
                errors.Add(element.Path, element.Value, RouteEntry.Form);
            else if (readsRequest && HttpMethods.IsGet(route.Method))
                errors.Add(element.Path, text, "POST or PUT, or the price one that reads no field of the request: a GET has none");
            else
                routes.Add(route);
        }
        return routes.ToImmutable();
    }
}
