using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MeteringGateway.Http.Errors;

/// <summary>Puts a problem on the wire: headers, then one JSON object of known length.</summary>
internal static class ProblemWriter
{
    // The answer is never HTML, so quotes and umlauts stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async ValueTask WriteAsync(HttpContext context, Problem problem)
    {
        var facts = ErrorCatalog.Of(problem.Code);
        var status = problem.Status ?? facts.Status;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            context.GetEndpoint()?.Metadata.GetMetadata<ProblemPrefix>()?.Write(writer, problem);
            Write(writer, problem, facts, status, context.TraceIdentifier, context.Features.Get<SdkErrors>() is not null);
        }

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        response.ContentLength = buffer.WrittenCount;
        response.Headers[RequestIdMiddleware.HeaderName] = context.TraceIdentifier;
        response.Headers.CacheControl = "no-store";
        if ((problem.RetryAfter ?? facts.RetryAfter) is { } wait)
        {
            // Whole seconds, rounded up: a client that comes back a moment too early would be refused again.
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Code == ErrorCode.InvalidKey)
        {
            context.RequestServices?.GetService<CredentialRefused>()?.Invoke(context);
            response.Headers.WWWAuthenticate = "Bearer realm=\"metering-gateway\"";
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
        }
    }

    private static void Write(Utf8JsonWriter writer, Problem problem, ErrorFacts facts, int status, string requestId, bool isForSdk)
    {
        writer.WriteString("type", "urn:metering-gateway:error:" + facts.Name);
        writer.WriteString("title", facts.Title);
        writer.WriteNumber("status", status);
        writer.WriteString("detail", problem.Detail);
        writer.WriteBoolean("ok", false);
        writer.WriteString("code", facts.Name);
        writer.WriteString("request_id", requestId);
        writer.WriteNumber("credits_charged", 0);
        WriteMembers(writer, problem);
        if (isForSdk)
        {
            writer.WriteStartObject("error");
            writer.WriteString("message", problem.Detail);
            writer.WriteString("type", status < StatusCodes.Status500InternalServerError ? "invalid_request_error" : "api_error");
            writer.WriteString("code", facts.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, Problem problem)
    {
        if (problem.Errors is { } errors)
        {
            writer.WriteStartArray("errors");
            foreach (var error in errors)
            {
                writer.WriteStartObject();
                if (error.Pointer.StartsWith('?'))
                {
                    writer.WriteString("parameter", error.Pointer.AsSpan(1));
                }
                else
                {
                    writer.WriteString("pointer", error.Pointer);
                }

                writer.WriteString("detail", error.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (problem.MoreErrors is { } more)
        {
            writer.WriteNumber("more_errors", more);
        }

        if (problem.RequiredCredits is { } required)
        {
            writer.WriteNumber("required_credits", required);
        }

        if (problem.RemainingCredits is { } remaining)
        {
            writer.WriteNumber("remaining_credits", remaining);
        }

        if (problem.RedirectUrl is { } url)
        {
            writer.WriteString("redirect_url", url);
        }

        if (problem.FirstCreditsCharged is { } first)
        {
            writer.WriteNumber("first_credits_charged", first);
        }

        if (problem.Limit is { } limit)
        {
            writer.WriteNumber("limit", limit.Limit);
            writer.WriteNumber("spent", limit.Spent);
            if (limit.ResetsAt is { } resetsAt)
            {
                writer.WriteString("resets_at", resetsAt);
            }
            else
            {
                writer.WriteNull("resets_at");
            }
        }

        if (problem.Surfaces is { } surfaces)
        {
            writer.WriteStartArray("surfaces");
            foreach (var surface in surfaces)
            {
                writer.WriteStringValue(surface);
            }

            writer.WriteEndArray();
        }

        if (problem.ProviderAttempts is { } writeAttempts)
        {
            writer.WritePropertyName("provider_attempts");
            writeAttempts(writer);
        }

        if (problem.Result is { } result)
        {
            writer.WritePropertyName("result");
            WriteResult(writer, result);
        }
    }

    private static void WriteResult(Utf8JsonWriter writer, ReadOnlyMemory<byte> result)
    {
        try
        {
            writer.WriteRawValue(result.Span);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // Not JSON (an HTML error page, an empty body): as text, with whatever is not UTF-8 replaced.
            writer.WriteStringValue(Encoding.UTF8.GetString(result.Span));
        }
    }
}
