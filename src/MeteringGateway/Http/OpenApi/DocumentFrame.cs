using System.Text.Json.Nodes;
using MeteringGateway.Http.Errors;
using Microsoft.OpenApi;

namespace MeteringGateway.Http.OpenApi;

/// <summary>What all operations share: where the gateway is, its parts, the credentials, and the shape of every refusal.</summary>
internal static class DocumentFrame
{
    public const string Problem = "Problem";

    /// <summary>The parts of the product, in the order in which a reader meets them.</summary>
    private static readonly (string Name, string Description)[] s_tags =
    [
        ("Metered call", "What a key is for: one call, reserved, sent to a provider, charged."),
        ("Kendr", "One of the five published APIs over the wallet: dashboard, catalog and purchases."),
        ("Dessert", "One of the five published APIs over the wallet: balance, usage and auto-recharge."),
        ("Billing API", "One of the five published APIs over the wallet: credits, orders, subscriptions, check-in and payment."),
        ("Conduit", "One of the five published APIs over the wallet: balance, ledger and key limits in cents."),
        ("Wren", "One of the five published APIs over the wallet: top-up, balance and ledger in cents."),
        ("Sign-in", "Accounts of people: sign-up, sessions and passwords."),
        ("Teams", "People who share a wallet."),
        ("Payments", "What an account pays with and owes; for the operator, what was paid and what providers told."),
        ("Keys", "Keys and their limits, for the operator and for an account itself."),
        ("Usage", "What was used and what was refused, by hour or day."),
        ("Notices", "Limits and marks that were crossed, and where they are sent."),
        ("Accounts", "The operator's calls on accounts."),
        ("Operator", "The operator's calls on surfaces, catalog, books and audit."),
        ("Billing API, operator", "The operator's side of the Billing API: plans, coupons, credits and check-in."),
        ("Health", "What an orchestrator and a monitoring ask."),
    ];

    public static void Complete(OpenApiDocument document, string? server)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Metering gateway",
            Version = "v1",
            Description = "One wallet of credits behind metered calls, five published billing APIs and an operator's API.",
        };
        document.Servers = [new OpenApiServer { Url = server ?? "/" }];

        // The framework names a tag after the class of each handler; the parts of the product are these.
        var used = document.Paths.Values.SelectMany(path => path.Operations ?? [])
            .SelectMany(one => one.Value.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(tag => tag.Reference.Id ?? "").ToHashSet();
        document.Tags = new HashSet<OpenApiTag>(
            s_tags.Where(tag => used.Contains(tag.Name)).Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));
        document.Components ??= new OpenApiComponents();
        SecuritySchemes.AddTo(document.Components);
        var schemas = document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        schemas[Problem] = ProblemSchema();
        ReplaceAnyOrNull(schemas);
        document.Components.Examples =
            Enum.GetValues<ErrorCode>().Select(ErrorCatalog.Of).Where(facts => IsUsed(document, facts)).ToDictionary(
                facts => facts.Name, facts => (IOpenApiExample)new OpenApiExample { Summary = facts.Title, Value = Example(facts) });
    }

    /// <summary>
    /// The framework says "null, or anything" for a value of any kind: null fits both, which the standard's oneOf refuses.
    /// </summary>
    private static void ReplaceAnyOrNull(IDictionary<string, IOpenApiSchema> schemas)
    {
        foreach (var properties in schemas.Values.Select(schema => schema.Properties).OfType<IDictionary<string, IOpenApiSchema>>())
        {
            foreach (var (name, property) in properties.ToList())
            {
                if (property.OneOf?.OfType<OpenApiSchemaReference>().FirstOrDefault(one =>
                    one.Reference.Id == nameof(System.Text.Json.JsonElement)) is { } anything)
                {
                    properties[name] = anything;
                }
            }
        }
    }

    private static bool IsUsed(OpenApiDocument document, ErrorFacts facts) => document.Paths.Values
        .SelectMany(path => path.Operations ?? []).SelectMany(one => one.Value.Responses ?? [])
        .SelectMany(answer => answer.Value.Content ?? new Dictionary<string, OpenApiMediaType>())
        .Any(content => content.Value.Examples?.ContainsKey(facts.Name) == true);

    private static JsonObject Example(ErrorFacts facts) => new()
    {
        ["type"] = "urn:metering-gateway:error:" + facts.Name,
        ["title"] = facts.Title,
        ["status"] = facts.Status,
        ["detail"] = facts.Title + ".",
        ["ok"] = false,
        ["code"] = facts.Name,
        ["request_id"] = "0198f1c2a7d07c3e9a3b0f6f1d2e4a55",
        ["credits_charged"] = 0,
    };

    private static OpenApiSchema ProblemSchema()
    {
        var schema = FieldNotation.Schema(JsonNode.Parse("""
            {"type*":"string","title*":"string","status*":"integer","detail*":"string","ok*":"boolean","code*":"string","request_id*":"string","credits_charged*":"integer",
             "errors":[{"pointer":"string","parameter":"string","detail*":"string"}],"more_errors":"integer","required_credits":"integer","remaining_credits":"integer",
             "limit":"integer","spent":"integer","resets_at":"date-time?","surfaces":["string"],"success":"boolean","error":{"code*":"string","message*":"string"}}
            """)!);
        schema.AdditionalPropertiesAllowed = true;
        schema.Description =
            "RFC 9457, with a stable code and what the code needs. The Billing API's refusals also have success and error.";
        return schema;
    }
}
