using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MeteringGateway.Local.DemoProviders;

/// <summary>
/// One answer of the shape of OpenAI's chat completions: an object, or, where the question says <c>"stream": true</c>, an event for each
/// word, and one with the usage where <c>stream_options.include_usage</c> is true.
/// </summary>
internal sealed class ChatCompletion(JsonElement question, string answer, DemoUsage usage, long call, TimeProvider time)
{
    public const string Path = "/v1/chat/completions";

    private readonly string _id = string.Create(CultureInfo.InvariantCulture, $"chatcmpl-{call}");
    private readonly long _created = time.GetUtcNow().ToUnixTimeSeconds();
    private readonly string _model = question.TryGetProperty("model", out var model) ? model.ToString() : "demo";

    /// <param name="context">Where the answer goes.</param>
    /// <param name="pause">Before each word of a stream but the first.</param>
    public Task WriteAsync(HttpContext context, TimeSpan pause) =>
        IsTrue(question, "stream") ? StreamAsync(context, pause) : context.Response.WriteAsJsonAsync(
            new
            {
                id = _id,
                @object = "chat.completion",
                created = _created,
                model = _model,
                choices = new[] { new { index = 0, message = new { role = "assistant", content = answer }, finish_reason = "stop" } },
                usage,
            },
            DemoUsage.Json,
            context.RequestAborted);

    private async Task StreamAsync(HttpContext context, TimeSpan pause)
    {
        context.Response.ContentType = "text/event-stream";
        var words = answer.Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            if (i > 0)
            {
                await Task.Delay(pause, time, context.RequestAborted);
            }

            await SendAsync(context, i == 0 ? new { role = "assistant", content = words[i] } : new { content = " " + words[i] }, null);
        }

        await SendAsync(context, new { }, "stop");
        if (question.TryGetProperty("stream_options", out var options) && IsTrue(options, "include_usage"))
        {
            await SendAsync(context, Chunk([], usage));
        }

        await SendAsync(context, "[DONE]");
    }

    private Task SendAsync(HttpContext context, object delta, string? finish) =>
        SendAsync(context, Chunk([new { index = 0, delta, finish_reason = finish }], null));

    private string Chunk(object[] choices, DemoUsage? used) => used is null
        ? JsonSerializer.Serialize(
            new { id = _id, @object = "chat.completion.chunk", created = _created, model = _model, choices }, DemoUsage.Json)
        : JsonSerializer.Serialize(
            new { id = _id, @object = "chat.completion.chunk", created = _created, model = _model, choices, usage = used }, DemoUsage.Json);

    private static async Task SendAsync(HttpContext context, string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", Encoding.UTF8, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static bool IsTrue(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;
}
