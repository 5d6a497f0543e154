using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Edge;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Mcp;

/// <summary>
/// Tells a client without a credential where to get one (RFC 9728), where the tokens of an identity provider are taken; elsewhere nothing
/// is served there, and a client goes on with the key that it was given.
/// </summary>
internal static class ResourceMetadata
{
    private const string Path = "/.well-known/oauth-protected-resource";

    public static void MapResourceMetadata(this IEndpointRouteBuilder app, OAuthOptions oauth)
    {
        if (!oauth.IsOn)
        {
            return;
        }

        foreach (var resource in new[] { "/mcp", "/mcp/dessert" })
        {
            app.MapGet(Path + resource, (PublicUrl url) => Document(url, resource, oauth)).ExcludeFromDescription();
        }

        app.MapGet(Path, (PublicUrl url) => Document(url, "/mcp", oauth)).ExcludeFromDescription();
    }

    /// <summary>A refusal for want of a credential names the document.</summary>
    public static void NameIn(HttpContext context)
    {
        if (context.RequestServices.GetRequiredService<IOptions<OAuthOptions>>().Value.IsOn)
        {
            context.Response.OnStarting(static state => NameAsync((HttpContext)state), context);
        }
    }

    private static Task NameAsync(HttpContext context)
    {
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            var url = context.RequestServices.GetRequiredService<PublicUrl>().Value;
            context.Response.Headers.WWWAuthenticate =
                $"{context.Response.Headers.WWWAuthenticate}, resource_metadata=\"{url}{Path}{context.Request.Path}\"";
        }

        return Task.CompletedTask;
    }

    private static Ok<ProtectedResource> Document(PublicUrl url, string resource, OAuthOptions oauth) => WireJson.Ok(new ProtectedResource(
        url.Value + resource, [oauth.IssuerOrOrigin], ["header"], "Metering gateway"));

    private sealed record ProtectedResource(
        string Resource, IReadOnlyList<string> AuthorizationServers, IReadOnlyList<string> BearerMethodsSupported, string ResourceName);
}
