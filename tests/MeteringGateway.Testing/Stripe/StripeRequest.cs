using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe;

/// <summary>A call as it came, its form or query read, and how it was answered; status 0: it was not.</summary>
public sealed record StripeRequest(
    string Method, string Path, JsonObject Form, string? IdempotencyKey, string? ApiVersion, IReadOnlyDictionary<string, string> Headers)
{
    public int Status { get; internal set; }

    /// <summary>The answer was one that an earlier call under the same key had got.</summary>
    public bool IsReplay { get; internal set; }
}
