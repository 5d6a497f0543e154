using System.Text.Json;
using MeteringGateway.Http.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MeteringGateway.Tests.Http.Errors;

public sealed class ProblemMiddlewareTests
{
    public static TheoryData<Exception, int, string> Failures => new()
    {
        { new BadHttpRequestException("too large", 413), 413, "body_too_large" },
        { new BadHttpRequestException("slow", 408), 408, "request_timeout" },
        { new BadHttpRequestException("cut short", 400), 400, "invalid_request" },
        { new NpgsqlException("connection refused"), 503, "metering_unavailable" },
        { new InvalidOperationException("secret detail"), 500, "internal_error" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Invoke_Exception_BecomesAProblem(Exception exception, int status, string code)
    {
        var (context, body) = await InvokeAsync(_ => throw exception);

        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal(code, body.GetProperty("code").GetString());
        Assert.DoesNotContain("secret", body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(context.TraceIdentifier, context.Response.Headers["X-Request-Id"]);
    }

    [Theory]
    [InlineData(404, "not_found")]
    [InlineData(405, "method_not_allowed")]
    [InlineData(415, "unsupported_media_type")]
    public async Task Invoke_StatusWithoutBody_BecomesAProblem(int status, string code)
    {
        var (context, body) = await InvokeAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal(code, body.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Invoke_ClientsRequestId_IsNotTaken()
    {
        var (context, _) = await InvokeAsync(_ => throw new InvalidOperationException());

        Assert.NotEqual("mine", context.TraceIdentifier);
        Assert.True(Guid.TryParseExact(context.TraceIdentifier, "N", out _));
    }

    private static async Task<(HttpContext Context, JsonElement Body)> InvokeAsync(RequestDelegate endpoint)
    {
        var stream = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Request.Headers["X-Request-Id"] = "mine";
        context.Response.Body = stream;
        var problems = new ProblemMiddleware(endpoint, NullLogger<ProblemMiddleware>.Instance);
        await new RequestIdMiddleware(problems.InvokeAsync, TimeProvider.System).InvokeAsync(context);
        return (context, JsonElement.Parse(stream.ToArray()));
    }
}
