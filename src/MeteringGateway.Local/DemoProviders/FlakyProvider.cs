using System.Text.Json;

namespace MeteringGateway.Local.DemoProviders;

/// <summary>Fails the first and then every third call, so that the first thing a new user sees is a fallback.</summary>
internal sealed class FlakyProvider() : DemoProvider("flaky")
{
    protected override Task AnswerAsync(HttpContext context, JsonElement question, long call) =>
        call % 3 == 1
            ? RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "Overloaded, as every third time.")
            : context.Response.WriteAsJsonAsync(
                new { answer = "Found by the flaky provider.", query = Query(question), call }, context.RequestAborted);
}
