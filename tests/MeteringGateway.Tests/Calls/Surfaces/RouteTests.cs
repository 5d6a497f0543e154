using System.Collections.Frozen;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Calls.Surfaces.Routes;
using MeteringGateway.Configuration;

namespace MeteringGateway.Tests.Calls.Surfaces;

public sealed class RouteTests
{
    [Theory]
    [InlineData("POST /v1/chat/completions", "/v1/chat/completions", false)]
    [InlineData("GET /v1/{**rest}", "/v1/", true)]
    [InlineData("PUT /{**rest}", "/", true)]
    [InlineData("POST /v1/models/a:b@c", "/v1/models/a:b@c", false)]
    public void Read_Entry_IsItsMethodAndPath(string text, string path, bool isRest)
    {
        var entry = RouteEntry.Read(text)!;

        Assert.Equal((path, isRest, text), (entry.Path, entry.IsRest, entry.ToString()));
    }

    [Theory]
    [InlineData("/v1/chat")]
    [InlineData("DELETE /v1/chat")]
    [InlineData("HEAD /v1/chat")]
    [InlineData("post /v1/chat")]
    [InlineData("POST  /v1/chat")]
    [InlineData("POST v1/chat")]
    [InlineData("POST /v1/chat?x=1")]
    [InlineData("POST /v1/{model}/chat")]
    [InlineData("POST /v1/{**other}")]
    [InlineData("POST /v1{**rest}")]
    [InlineData("POST /{**rest}/x")]
    [InlineData("POST /v1//chat")]
    [InlineData("POST /v1/../chat")]
    [InlineData("POST /v1/%41")]
    [InlineData("POST /v1/é")]
    [InlineData("POST ")]
    [InlineData("")]
    public void Read_WhatIsNoEntry_IsNull(string text) => Assert.Null(RouteEntry.Read(text));

    /// <summary>The surface that is found; or the methods that the path has; or nothing.</summary>
    [Theory]
    [InlineData("POST", "/v1/chat/completions", "chat", null)]
    [InlineData("GET", "/v1/chat/completions", "files", null)]
    [InlineData("PUT", "/v1/chat/completions", null, "GET, POST")]
    [InlineData("HEAD", "/v1/chat/completions", null, "GET, POST")]
    [InlineData("post", "/v1/chat/completions", null, "GET, POST")]
    [InlineData("POST", "/v1/chat/Completions", null, "GET")]
    [InlineData("GET", "/v1", "files", null)]
    [InlineData("GET", "/v1/", "files", null)]
    [InlineData("GET", "/v1/a/b/c/d/e", "files", null)]
    [InlineData("GET", "/v1x", null, null)]
    [InlineData("GET", "/", null, null)]
    [InlineData("GET", "", null, null)]
    [InlineData("PUT", "/deep/er/than/x/y", "deep", null)]
    [InlineData("PUT", "/deep/er/than", "deep", null)]
    [InlineData("PUT", "/deep/er/", null, null)]
    [InlineData("POST", "/deep/er/than/exact", "deep", null)]
    [InlineData("PUT", "/deep/er/than/exact", "deep", null)]
    [InlineData("POST", "/deep/er/than/other", null, "PUT")]
    public void Match_OfAPath_IsItsSurfaceOrItsMethods(string method, string path, string? slug, string? allow)
    {
        var table = new RouteTable([
            Surface("chat", "POST /v1/chat/completions"), Surface("files", "GET /v1/{**rest}"),
            Surface("deep", "PUT /deep/er/than/{**rest}", "POST /deep/er/than/exact", "PUT /deep/er/than/exact"), Surface("none"),
        ]);

        var match = table.Match(method, path);

        Assert.Equal((slug, allow), (match.Surface?.Slug, match.Allow));
    }

    [Fact]
    public void Match_WithoutRoutes_IsNothing()
    {
        Assert.Equal(default, new RouteTable([Surface("none")]).Match("POST", "/v1/chat"));
    }

    [Theory]
    [InlineData("POST /v1/chat", "POST /v1/chat", true)]
    [InlineData("POST /v1/chat", "POST /v1/Chat/", true)]
    [InlineData("POST /v1/chat", "GET /v1/chat", false)]
    [InlineData("POST /v1/chat", "POST /v1/chats", false)]
    [InlineData("POST /v1/{**rest}", "POST /v1/chat", true)]
    [InlineData("POST /v1/chat", "POST /v1/{**rest}", true)]
    [InlineData("POST /v1/{**rest}", "POST /v1", true)]
    [InlineData("POST /v1/{**rest}", "POST /v1x/chat", false)]
    [InlineData("POST /v1/{**rest}", "POST /v1/chat/{**rest}", true)]
    [InlineData("POST /v1/{**rest}", "POST /v2/{**rest}", false)]
    public void Check_RoutesOfTwoSurfaces_RefusesThoseThatOverlap(string one, string other, bool overlap)
    {
        var errors = new ConfigurationErrors();
        RouteOverlap.Check([Surface("one", one), Surface("other", "PUT /else", other)], errors);

        Assert.Equal(
            overlap ? [$"Surfaces:other:Routes:1 is '{other}': must be a route apart from {one} of one"] : Array.Empty<string>(),
            errors.Lines);
    }

    [Theory]
    [InlineData("POST /v1/{**rest}", "POST /v1/chat", false)]
    [InlineData("POST /v1/chat", "POST /v1/{**rest}", false)]
    [InlineData("POST /v1/chat", "POST /v1/chat", true)]
    [InlineData("POST /v1/{**rest}", "POST /v1/chat/{**rest}", true)]
    public void Check_RoutesOfOneSurface_AnExactOneStandsWithinARest(string one, string other, bool overlap)
    {
        var errors = new ConfigurationErrors();
        RouteOverlap.Check([Surface("one", one, other)], errors);

        Assert.Equal(overlap, errors.Any);
    }

    [Theory]
    [InlineData("POST /v1/{**rest}", "GET", "/v1/balance", false)]
    [InlineData("GET /v1/{**rest}", "GET", "/v1/balance", true)]
    [InlineData("GET /v1/{**rest}", "*", "/v1/balance", true)]
    [InlineData("POST /api/v1/query", "POST", "/api/v1/query", true)]
    [InlineData("POST /api/v1/Query/", "POST", "api/v1/query", true)]
    [InlineData("PUT /api/v1/query", "POST", "/api/v1/query", false)]
    [InlineData("POST /admin/keys/rotate", "POST", "/admin/keys/{id:long}", true)]
    [InlineData("POST /admin/keys", "POST", "/admin/keys/{id}", false)]
    [InlineData("POST /admin/keys", "POST", "/admin/keys/{id?}", true)]
    [InlineData("POST /admin/keys/1/rotate", "POST", "/admin/keys/{id}", false)]
    [InlineData("GET /docs", "GET", "/docs/{**file}", true)]
    [InlineData("GET /docs/a/b", "GET", "/docs/{*file}", true)]
    [InlineData("GET /doc", "GET", "/docs/{**file}", false)]
    [InlineData("GET /{**rest}", "GET", "/healthz", true)]
    [InlineData("POST /{**rest}", "*", "/", true)]
    [InlineData("POST /v1/chat", "*", "/", false)]
    public void Check_RouteAndEndpoint_RefusesWhatOverlaps(string route, string method, string pattern, bool overlap)
    {
        var errors = new ConfigurationErrors();
        RouteOverlap.Check([Surface("one", route)], [new TakenRoute(method, pattern)], errors);

        Assert.Equal(
            overlap
                ? [$"Surfaces:one:Routes:0 is '{route}': must be a route apart from the gateway's own {method} {pattern}"]
                : Array.Empty<string>(),
            errors.Lines);
    }

    private static Surface Surface(string slug, params string[] routes) => new(
        slug, slug, null, new FlatPrice(1), ["alpha"], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), FrozenSet<int>.Empty, 9)
    {
        Routes = [.. routes.Select(text => RouteEntry.Read(text)!)],
    };
}
