using System.Text.Json;

namespace MeteringGateway.Local.DemoProviders;

/// <summary>One provider: answers a POST with a JSON object by its own rule. Called by many connections at once.</summary>
internal abstract class DemoProvider(string name)
{
    /// <summary>A provider has its own idea of a bound; larger than what the gateway lets through.</summary>
    private const int MaxBodyBytes = 4 << 20;

    /// <summary>What a GET is told; nobody else says this, so it tells a demo provider from whatever else has its port.</summary>
    public const string HowToAsk = "POST a JSON object.";

    private long _calls;

    public string Name { get; } = name;

    public async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Method != HttpMethods.Post)
        {
            context.Response.Headers.Allow = "POST";
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, HowToAsk);
            return;
        }

        if (context.Request.ContentLength > MaxBodyBytes)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "At most 4 MiB.");
            return;
        }

        JsonDocument question;
        try
        {
            question = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The body is not JSON.");
            return;
        }

        using (question)
        {
            if (question.RootElement.ValueKind != JsonValueKind.Object)
            {
                await RefuseAsync(context, StatusCodes.Status400BadRequest, "The body is no JSON object.");
                return;
            }

            await AnswerAsync(context, question.RootElement, Interlocked.Increment(ref _calls));
        }
    }

    /// <param name="context">Where the answer goes.</param>
    /// <param name="question">The request's JSON object.</param>
    /// <param name="call">1 for the first call since the start.</param>
    protected abstract Task AnswerAsync(HttpContext context, JsonElement question, long call);

    protected static Task RefuseAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error }, context.RequestAborted);
    }

    /// <summary>The question's text, echoed so that a person sees that it was their call.</summary>
    protected static JsonElement? Query(JsonElement question) => question.TryGetProperty("query", out var query) ? query : null;
}
