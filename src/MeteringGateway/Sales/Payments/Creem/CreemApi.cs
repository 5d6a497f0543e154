using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeteringGateway.Telemetry;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Sales.Payments.Creem;

internal enum CreemOutcome
{
    Ok,

    /// <summary>There is no such thing.</summary>
    NotFound,

    /// <summary>Creem will not do it, however often it is asked.</summary>
    Refused,

    /// <summary>Nobody knows whether it was done: no answer, or none that can be read.</summary>
    Unavailable,
}

/// <param name="Outcome">What came of the call.</param>
/// <param name="Body">What it answered, where it did it.</param>
/// <param name="Detail">Why it refused, in Creem's words, harmless for a log.</param>
internal readonly record struct CreemAnswer(CreemOutcome Outcome, JsonElement Body = default, string? Detail = null);

/// <summary>
/// Creem's REST interface, one call at a time and none twice: which call may be repeated, its caller knows. The key goes nowhere but to the
/// configured address. Any number of callers at once.
/// </summary>
internal sealed class CreemApi(
    IHttpClientFactory clients, IOptions<CreemOptions> options, PaymentMetrics metrics, ILogger<CreemApi> logger)
{
    public const string Client = "creem";

    /// <summary>A customer waits for a page; an order that got none can be asked for again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>A page of a hundred subscriptions is a tenth of it.</summary>
    public const long MostBytes = 4 * 1024 * 1024;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public Task<CreemAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    /// <param name="path">Without the address.</param>
    /// <param name="body">In the names of C#; what is null is left out.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <param name="idempotencyKey">Where the operation knows one.</param>
    public Task<CreemAnswer> PostAsync<T>(string path, T body, CancellationToken cancellationToken, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body, options: s_json), idempotencyKey, cancellationToken);

    private async Task<CreemAnswer> SendAsync(
        HttpMethod method, string path, HttpContent? body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var answer = await TrySendAsync(method, path, body, idempotencyKey, cancellationToken);
        metrics.ProviderAsked(CreemWebhook.Name, Resource(path), answer.Outcome switch
        {
            // That a thing is gone is an answer like another.
            CreemOutcome.Ok or CreemOutcome.NotFound => "ok",
            CreemOutcome.Refused => "refused",
            CreemOutcome.Unavailable => "unavailable",
            _ => throw new InvalidOperationException($"Unknown outcome {answer.Outcome}."),
        });
        return answer;
    }

    private async Task<CreemAnswer> TrySendAsync(
        HttpMethod method, string path, HttpContent? body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, options.Value.Address.TrimEnd('/') + path) { Content = body };
        request.Headers.TryAddWithoutValidation("x-api-key", options.Value.ApiKey);
        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        try
        {
            using var client = clients.CreateClient(Client);
            using var response = await client.SendAsync(request, cancellationToken);
            return await ReadAsync(method, path, response, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Not the exception itself: its text may hold an address with what somebody put there.
            logger.LogWarning("Creem gave no answer to {Method} {Operation}: {Kind}", method, Operation(path), e.GetType().Name);
            return new CreemAnswer(CreemOutcome.Unavailable);
        }
    }

    private async Task<CreemAnswer> ReadAsync(
        HttpMethod method, string path, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = response.StatusCode;
        if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            logger.LogError("Creem does not take the key of {Section}:ApiKey: it answered {Status}", CreemOptions.Section, (int)status);
            return new CreemAnswer(CreemOutcome.Unavailable);
        }

        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return new CreemAnswer(CreemOutcome.Ok, JsonSerializer.Deserialize<JsonElement>(bytes));
        }

        var isFinal = (int)status is >= 400 and < 500 and not (408 or 409 or 425 or 429);
        var detail = isFinal ? DetailOf(bytes) : null;
        logger.LogWarning(
            "Creem answered {Status} to {Method} {Operation}: {Detail}", (int)status, method, Operation(path), detail ?? "no reason");
        return new CreemAnswer(
            status == HttpStatusCode.NotFound ? CreemOutcome.NotFound : isFinal ? CreemOutcome.Refused : CreemOutcome.Unavailable,
            Detail: detail);
    }

    /// <summary>Without what identifies a customer's things.</summary>
    private static string Operation(string path) => path.Split('?')[0];

    /// <summary><c>subscriptions</c> of <c>/v1/subscriptions/…/cancel</c>: what lies deeper may be an id.</summary>
    private static string Resource(string path) => Operation(path).Split('/')[2];

    private static string? DetailOf(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var message = EventJson.At(document.RootElement, "message");
            var texts = message switch
            {
                { ValueKind: JsonValueKind.String } one => [one],
                { ValueKind: JsonValueKind.Array } several => several.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String),
                _ => [],
            };
            return string.Join("; ", texts.Select(one => one.GetString())) is { Length: > 0 } told ? LogText.Value(told) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
