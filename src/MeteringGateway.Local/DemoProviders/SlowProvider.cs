using System.Text.Json;

namespace MeteringGateway.Local.DemoProviders;

/// <summary>Takes its time, and every second time more than a caller waits.</summary>
internal sealed class SlowProvider(TimeSpan slow, TimeSpan tooSlow, TimeProvider time) : DemoProvider("slow")
{
    protected override async Task AnswerAsync(HttpContext context, JsonElement question, long call)
    {
        var pause = call % 2 == 0 ? tooSlow : slow;
        await Task.Delay(pause, time, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new { answer = "Found by the slow provider.", query = Query(question), call, seconds = pause.TotalSeconds },
            context.RequestAborted);
    }
}
