using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace MeteringGateway.OpenApi;

/// <summary>What all operations share: the credentials, and the shape of every refusal.</summary>
internal static class DocumentFrame
{
    public const string Problem = "Problem";

    /// <summary>The ways in which an account may say who it is; any one of them will do.</summary>
    public static IReadOnlyList<string> Credentials { get; } = ["bearer", "apiKey", "session", "kendrSession"];

    public static void Complete(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Metering gateway",
            Version = "v1",
            Description = "One wallet of credits behind metered calls, five published billing APIs and an operator's API.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        var schemes = document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        schemes["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key, a session, a token of the identity provider; for /admin the operator's token." };
        schemes["apiKey"] = Header("X-Api-Key", "An API key.");
        schemes["session"] = Header("X-Session", "A session.");
        schemes["kendrSession"] = Header("X-Kendr-Session", "A session.");
        var schemas = document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        schemas[Problem] = ProblemSchema();
    }

    private static OpenApiSecurityScheme Header(string name, string description) =>
        new() { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = name, Description = description };

    private static OpenApiSchema ProblemSchema()
    {
        var schema = FieldNotation.Schema(JsonNode.Parse("""
            {"type*":"string","title*":"string","status*":"integer","detail*":"string","ok*":"boolean","code*":"string","request_id*":"string","credits_charged*":"integer",
             "errors":[{"pointer":"string","parameter":"string","detail*":"string"}],"required_credits":"integer","remaining_credits":"integer",
             "limit":"integer","spent":"integer","resets_at":"date-time?","surfaces":["string"],"success":"boolean","error":{"code*":"string","message*":"string"}}
            """)!);
        schema.AdditionalPropertiesAllowed = true;
        schema.Description = "RFC 9457, with a stable code and what the code needs. The Billing API's refusals also have success and error.";
        return schema;
    }
}
