using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe;

/// <summary>An answer that is no success, in Stripe's shape.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It is nothing without its error.")]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "What Stripe does, and nothing failed.")]
public sealed class StripeRefusal : Exception
{
    private StripeRefusal(int status, JsonObject error)
        : base(error.Text("message")) => (Status, Error) = (status, error);

    public int Status { get; }
    public JsonObject Error { get; }

    /// <summary>Stripe keeps under an idempotency key what was executed: a decline, but no request that was refused before.</summary>
    public bool IsKept => Status == 402;

    internal static StripeRefusal Invalid(string message, string? param = null, string? code = null) =>
        new(400, Describe("invalid_request_error", message, ("param", param), ("code", code)));

    internal static StripeRefusal Missing(string kind, string id) =>
        new(404, Describe("invalid_request_error", $"No such {kind}: '{id}'", ("param", "id"), ("code", "resource_missing")));

    /// <summary>What a form names is not there.</summary>
    internal static StripeRefusal MissingParam(string kind, string id, string param) =>
        Invalid($"No such {kind}: '{id}'", param, "resource_missing");

    internal static StripeRefusal Unauthorized() =>
        new(401, Describe("invalid_request_error", "Invalid API Key provided."));

    internal static StripeRefusal Unknown(string method, string path) =>
        new(404, Describe("invalid_request_error", $"Unrecognized request URL ({method}: {path})."));

    internal static StripeRefusal Keyed(int status, string message, string? code = null) =>
        new(status, Describe("idempotency_error", message, ("code", code)));

    internal static StripeRefusal Broken(int status = 500) =>
        new(status, Describe("api_error", "An unknown error occurred."));

    internal static StripeRefusal Card(string code, string decline, string message) =>
        new(402, Describe("card_error", message, ("code", code), ("decline_code", decline), ("advice_code", null)));

    internal StripeRefusal With(params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        Error.Set(fields);
        return this;
    }

    internal string Body() => new JsonObject { ["error"] = Error.DeepClone() }.ToJsonString();

    private static JsonObject Describe(string type, string message, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        var error = new JsonObject { ["type"] = type, ["message"] = message };
        foreach (var (name, value) in more)
        {
            if (value is not null)
            {
                error[name] = value;
            }
        }

        return error;
    }
}
