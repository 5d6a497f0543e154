using System.Text;
using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Idempotency;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Tests.Calls.Idempotency;

public sealed class IdempotencyKeyTests
{
    private static readonly SurfaceCatalog s_catalog = Catalog();

    [Fact]
    public void Read_WithoutTheHeader_IsNoTicket()
    {
        var call = Call("search", "{}");

        Assert.Null(IdempotencyKey.Read(Request(), call));
        Assert.Null(call.Ticket);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\tb")]
    [InlineData("256")]
    public void Read_WhatIsNoKey_IsRefused(string key)
    {
        var call = Call("search", "{}");

        var refusal = IdempotencyKey.Read(Request(key == "256" ? new string('k', 256) : key), call);

        Assert.Equal(ErrorCode.InvalidRequest, refusal?.Code);
        Assert.Null(call.Ticket);
    }

    [Fact]
    public void Read_TwoKeys_IsRefused()
    {
        var request = Request("a");
        request.Headers[IdempotencyKey.Header] = new StringValues(["a", "a"]);

        Assert.Equal(ErrorCode.InvalidRequest, IdempotencyKey.Read(request, Call("search", "{}"))?.Code);
    }

    [Fact]
    public void Read_TheLongestKey_IsTaken() => Assert.NotNull(Ticket(Request(new string('~', 255)), Call("search", "{}")));

    /// <summary>Equal must be surface, method, path, query and body; the key's hash is of the key alone.</summary>
    [Fact]
    public void Read_AnotherRequest_HasAnotherFingerprintUnderTheSameHash()
    {
        var first = Ticket(Request("k"), Call("search", "{}"));
        var again = Ticket(Request("k"), Call("search", "{}"));
        var method = Request("k");
        method.Method = "PUT";
        var path = Request("k");
        path.Path = "/v1/other";
        var query = Request("k");
        query.QueryString = new QueryString("?a=1");
        var others = new[]
        {
            Ticket(Request("k"), Call("search", "{ }")), Ticket(Request("k"), Call("other", "{}")), Ticket(method, Call("search", "{}")),
            Ticket(path, Call("search", "{}")), Ticket(query, Call("search", "{}")),
        };

        Assert.Equal(first, again);
        Assert.Equal(6, others.Append(first).Select(ticket => ticket.Fingerprint).Distinct().Count());
        Assert.All(others, ticket => Assert.Equal(first.Hash, ticket.Hash));
        Assert.NotEqual(first.Hash, Ticket(Request("K"), Call("search", "{}")).Hash);
        Assert.Matches("^[0-9a-f]{64}$", first.Hash);
    }

    private static MeteringGateway.Engine.Calls.IdempotencyTicket Ticket(HttpRequest request, MeteredCall call)
    {
        Assert.Null(IdempotencyKey.Read(request, call));
        return call.Ticket!;
    }

    private static MeteredCall Call(string surface, string body) =>
        new() { Surface = s_catalog.BySlug[surface], Body = Encoding.UTF8.GetBytes(body) };

    private static HttpRequest Request(string? key = null)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Path) = ("POST", "/api/v1/query");
        if (key is not null)
        {
            request.Headers[IdempotencyKey.Header] = key;
        }

        return request;
    }

    private static SurfaceCatalog Catalog()
    {
        var errors = new ConfigurationErrors();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ReverseProxy:Clusters:alpha:Destinations:a1:Address"] = "http://127.0.0.1:1",
            ["Surfaces:search:Price:Credits"] = "2",
            ["Surfaces:search:Providers:0"] = "alpha",
            ["Surfaces:other:Price:Credits"] = "2",
            ["Surfaces:other:Providers:0"] = "alpha",
        }).Build();
        return SurfaceCatalogReader.Read(configuration, errors) ?? throw new InvalidOperationException(string.Join('\n', errors.Lines));
    }
}
