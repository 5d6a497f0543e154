using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Http.OpenApi;

/// <summary>
/// Refuses query parameters that the endpoint's note does not have, so that what the document offers and what is taken are one list.
/// An endpoint that asks for credentials tells of it after those; where it has none, or does not look, nothing of it is read before.
/// </summary>
internal sealed class KnownQuery(RequestDelegate next, OperationNotes notes)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Request.QueryString.Value is { Length: > 1 } ? CheckAsync(context) : next(context);

    private Task CheckAsync(HttpContext context)
    {
        var method = HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method;
        if (context.GetEndpoint() is not RouteEndpoint { RoutePattern.RawText: { } path } endpoint
            || notes.Find(method, "/" + path.Trim('/')) is not { AnyQuery: false } note
            || QueryGuard.Check(context.Request.Query, note.Parameters) is not { } problem)
        {
            return next(context);
        }

        if (endpoint.Metadata.GetMetadata<CredentialsFirst>() is null)
        {
            return problem.ExecuteAsync(context);
        }

        context.Features.Set(new QueryRefusal(problem));
        return next(context);
    }
}
