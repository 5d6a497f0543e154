using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Testing.Stripe;

/// <summary>The way of a call: key, form, fault, idempotency, effect, answer.</summary>
internal sealed class StripeServer(StripeDouble owner, StripeRoutes routes, StripeLists lists, StripeIdempotency idempotency)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var form = await ReadAsync(context.Request);
        var (request, fault) = owner.Receive(new StripeRequest(
            context.Request.Method, context.Request.Path.Value!, form,
            Header(context, "Idempotency-Key"), Header(context, "Stripe-Version"),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString())));
        var key = request.Method == "POST" ? request.IdempotencyKey : null;
        context.Response.Headers["Request-Id"] = $"req_{Guid.NewGuid():N}";
        StripeAnswer? answer;
        try
        {
            if (Header(context, "Authorization") != $"Bearer {owner.ApiKey}")
            {
                throw StripeRefusal.Unauthorized();
            }

            answer = key is null ? null : owner.Locked(() => idempotency.Begin(key, request.Path, form));
            request.IsReplay = answer is not null;
        }
        catch (StripeRefusal refused)
        {
            (answer, key) = (new StripeAnswer(refused.Status, refused.Body()), null);
        }

        answer ??= await ExecuteAsync(context, request, key, fault);
        if (answer is null)
        {
            context.Abort();
            return;
        }

        if (request.IsReplay)
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
        }

        if (key is not null)
        {
            context.Response.Headers["Idempotency-Key"] = key;
        }

        request.Status = context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.Body.StartsWith('<') ? "text/html" : "application/json";
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>Null: nothing is answered, and the connection breaks.</summary>
    private async Task<StripeAnswer?> ExecuteAsync(HttpContext context, StripeRequest request, string? key, StripeFault? fault)
    {
        if (fault is StripeFault.HangBefore or StripeFault.LateEffect)
        {
            await LeftAsync(context);
        }

        var answer = owner.Locked(() =>
        {
            var (made, isKept) = fault switch
            {
                StripeFault.HangBefore or StripeFault.DropBefore => (null, false),
                StripeFault.Busy => (Of(StripeRefusal.Broken(503)), false),
                StripeFault.ErrorBefore => (Of(StripeRefusal.Broken()), true),
                _ => Effect(request),
            };
            if (fault == StripeFault.ErrorAfter)
            {
                made = Of(StripeRefusal.Broken());
            }

            if (key is not null)
            {
                idempotency.End(key, isKept ? made : null);
            }

            return made;
        });
        switch (fault)
        {
            case StripeFault.HangAfter:
                await LeftAsync(context);
                return null;
            case StripeFault.HangBefore or StripeFault.LateEffect or StripeFault.DropBefore or StripeFault.DropAfter:
                return null;
            case StripeFault.BadGateway:
                return new StripeAnswer(502, "<html><body>Bad gateway</body></html>");
            default:
                return answer;
        }
    }

    private (StripeAnswer Made, bool IsKept) Effect(StripeRequest request)
    {
        try
        {
            var expand = request.Form.Texts("expand");
            var answer = routes.Answer(request.Method, request.Path, request.Form);
            return (new StripeAnswer(200, lists.Expand(answer, expand).ToJsonString()), true);
        }
        catch (StripeRefusal refused)
        {
            return (Of(refused), refused.IsKept);
        }
    }

    private static StripeAnswer Of(StripeRefusal refused) => new(refused.Status, refused.Body());

    /// <summary>Until the client closes the connection, or the double ends.</summary>
    private static async Task LeftAsync(HttpContext context)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (context.RequestAborted.Register(left.SetResult))
        {
            await left.Task;
        }
    }

    private static async Task<JsonObject> ReadAsync(HttpRequest request)
    {
        var text = request.QueryString.Value?.TrimStart('?') ?? "";
        if (request.Method != "GET")
        {
            using var reader = new StreamReader(request.Body, Encoding.UTF8);
            text = $"{text}&{await reader.ReadToEndAsync()}";
        }

        return StripeForm.Read(text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(Plain(pair[0]), Plain(pair.ElementAtOrDefault(1) ?? ""))));
    }

    private static string Plain(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string? Header(HttpContext context, string name) =>
        context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;
}
