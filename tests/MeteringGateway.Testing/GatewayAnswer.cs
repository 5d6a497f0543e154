using System.Net;
using System.Text.Json;

namespace MeteringGateway.Testing;

/// <summary>An answer, read whole.</summary>
public sealed record GatewayAnswer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    /// <summary>The stable code of a refusal; null on success.</summary>
    public string? Code => Text.Length > 0 && Json.TryGetProperty("code", out var code) ? code.GetString() : null;
    public long CreditsCharged => Json.GetProperty("credits_charged").GetInt64();
    public long RemainingCredits => Json.GetProperty("remaining_credits").GetInt64();
    public string RequestId => Headers["X-Request-Id"];

    /// <summary>One "provider:outcome" for each attempt, in order.</summary>
    public IReadOnlyList<string> Attempts =>
        [.. Json.GetProperty("provider_attempts").EnumerateArray()
            .Select(attempt => $"{attempt.GetProperty("provider").GetString()}:{attempt.GetProperty("outcome").GetString()}")];

    public JsonElement Expect(HttpStatusCode status) =>
        Status == status ? Json : throw new InvalidOperationException($"Expected {(int)status}, got {(int)Status}: {Text}");

    public JsonElement ExpectSuccess() =>
        (int)Status is >= 200 and < 300 ? Json : throw new InvalidOperationException($"Expected success, got {(int)Status}: {Text}");
}
