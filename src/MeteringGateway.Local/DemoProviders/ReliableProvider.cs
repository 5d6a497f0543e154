using System.Text.Json;

namespace MeteringGateway.Local.DemoProviders;

internal sealed class ReliableProvider() : DemoProvider("reliable")
{
    protected override Task AnswerAsync(HttpContext context, JsonElement question, long call) =>
        context.Response.WriteAsJsonAsync(
            new { answer = "Found by the reliable provider.", query = Query(question), call }, context.RequestAborted);
}
