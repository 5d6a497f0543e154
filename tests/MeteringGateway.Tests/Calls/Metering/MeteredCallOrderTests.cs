using MeteringGateway.Tests.Http.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Tests.Calls.Metering;

/// <summary>
/// What stands in front of the metered call: what every answer and every request needs, and nothing of the other endpoints'. The gateway
/// here has no database, so the call itself can't be made: its 500 shows that a request has come to it.
/// </summary>
public sealed class MeteredCallOrderTests
{
    /// <summary>The request id, the shape of a failure, and what is said of credentials: the call has them like every endpoint.</summary>
    [Fact]
    public async Task MeteredCall_AsClientsSpellIt_MeetsTheEdgeAndNoRouting()
    {
        await using var gateway = new Gateway();

        var answered = await gateway.SendAsync("POST", "/api/v1/query", "");

        Assert.Null(answered.GetEndpoint());
        Assert.Equal(
            (500, "application/problem+json", "no-store", answered.TraceIdentifier),
            (answered.Response.StatusCode, answered.Response.ContentType, answered.Response.Headers.CacheControl.ToString(),
                answered.Response.Headers["X-Request-Id"].ToString()));
    }

    /// <summary>Two readings of one request's end are refused before anything is done for it.</summary>
    [Fact]
    public async Task MeteredCall_OfAmbiguousFraming_IsRefusedBeforeIt()
    {
        await using var gateway = new Gateway();

        var answered = await gateway.SendAsync("POST", "/api/v1/query", "", ("Transfer-Encoding", "gzip, chunked"));

        Assert.Equal((400, "close"), (answered.Response.StatusCode, answered.Response.Headers.Connection.ToString()));
    }

    /// <summary>Routing decides on every other spelling: it takes some, and says of the rest what is allowed.</summary>
    [Theory]
    [InlineData("POST", "/api/v1/query", "?dry=1")]
    [InlineData("POST", "/API/v1/query", "")]
    [InlineData("POST", "/api/v1/query/", "")]
    [InlineData("GET", "/api/v1/query", "")]
    [InlineData("OPTIONS", "/api/v1/query", "")]
    public async Task MeteredCall_SpeltOtherwise_GoesThroughRouting(string method, string path, string query)
    {
        await using var gateway = new Gateway();

        Assert.NotNull((await gateway.SendAsync(method, path, query)).GetEndpoint());
    }

    /// <summary>What the pipeline does not name itself, the framework puts in front of it.</summary>
    [Theory]
    [InlineData("__AuthorizationMiddlewareSet")]
    [InlineData("__EndpointRouteBuilder")]
    public async Task Pipeline_OfTheGateway_NamesWhatTheFrameworkWouldPutInFront(string property)
    {
        await using var gateway = new OfflineGateway();

        Assert.Contains(property, ((IApplicationBuilder)gateway.App).Properties.Keys);
    }

    private sealed class Gateway : IAsyncDisposable
    {
        private readonly OfflineGateway _gateway = new();
        private readonly RequestDelegate _pipeline;

        public Gateway()
        {
            _pipeline = ((IApplicationBuilder)_gateway.App).Build();
        }

        public async Task<HttpContext> SendAsync(
            string method, string path, string query, params (string Name, string Value)[] headers)
        {
            var context = new DefaultHttpContext { RequestServices = _gateway.App.Services };
            (context.Request.Method, context.Request.Path, context.Request.QueryString) = (method, path, new QueryString(query));
            context.Request.Protocol = "HTTP/1.1";
            context.Request.Headers.Authorization = "Bearer nobody's";
            foreach (var (name, value) in headers)
            {
                context.Request.Headers[name] = value;
            }

            context.Response.Body = new MemoryStream();
            await _pipeline(context);
            return context;
        }

        public ValueTask DisposeAsync() => _gateway.DisposeAsync();
    }
}
