using System.Text;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Tests.Http.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Tests.Http.Requests;

public sealed class FieldsBindingTests
{
    private const string Json = "application/json";

    [Theory]
    [InlineData("/open", "{\"name\":\"Ada\"}", Json, 200, "Ada")]
    [InlineData("/open", "{\"name\":", Json, 400, "invalid_json")]
    [InlineData("/open", "[]", Json, 400, "invalid_request")]
    [InlineData("/open", "{}", "text/plain", 415, "unsupported_media_type")]
    [InlineData("/open", "", null, 415, "unsupported_media_type")]
    [InlineData("/optional", "", null, 200, "nobody")]
    [InlineData("/optional", "{\"name\":\"Ada\"}", Json, 200, "Ada")]
    public async Task Fields_OfABody_ComeToTheHandlerOrAreRefused(string path, string body, string? contentType, int status, string part)
    {
        await using var gateway = Serve();
        var context = await gateway.CallAsync(path, Encoding.UTF8.GetBytes(body), contentType);
        context.Response.Body.Position = 0;
        Assert.Equal(status, context.Response.StatusCode);
        Assert.Contains(part, await new StreamReader(context.Response.Body).ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"name\":\"Ada\"}")]
    [InlineData("{\"name\":")]
    public async Task Fields_OfACallThatItsGroupRefuses_AreNotRead(string body)
    {
        await using var gateway = Serve();
        var context = await gateway.CallAsync("/closed/twice", Encoding.UTF8.GetBytes(body), Json);
        Assert.Equal((StatusCodes.Status403Forbidden, 0), (context.Response.StatusCode, context.Request.Body.Position));
    }

    private static OfflineGateway Serve() => new(app =>
    {
        app.MapPost("/open", (RequestFields fields) => Greet(fields));
        app.MapPost("/optional", ([OptionalBody] RequestFields fields) => Greet(fields));

        // As it is with a role: the inner group refuses, and still comes before the body.
        var closed = app.MapGroup("/closed").AddEndpointFilter((call, next) => next(call)).MapGroup("/twice");
        closed.AddEndpointFilter((_, _) => ValueTask.FromResult<object?>(Problem.Of(ErrorCode.RoleRequired, "No.")));
        closed.MapPost("", (RequestFields fields) => Greet(fields));
    });

    private static Ok<string> Greet(RequestFields fields) => TypedResults.Ok(fields.Text("name", 10) ?? "nobody");
}
