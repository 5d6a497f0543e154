using System.Globalization;
using System.Text.Json.Nodes;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MeteringGateway.Http.OpenApi;

/// <summary>Completes what the framework has found out about an endpoint with its note.</summary>
internal sealed class NotedOperation(OperationNotes notes) : IOpenApiOperationTransformer
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly Dictionary<string, string> s_words = new()
    {
        ["limit"] = "At most so many.",
        ["offset"] = "After so many.",
        ["from"] = "From this moment on (RFC 3339), or from the first one of this day in UTC.",
        ["to"] = "Before this moment (RFC 3339), or up to the last one of this day in UTC.",
        ["type"] = "Only of this type, as it is shown in this API.",
        ["key_id"] = "Only of calls with this key.",
        ["surface"] = "Only of calls of this surface.",
        ["entry_id"] = "Only this entry; for a call that is its request id.",
        ["account_id"] = "Only of this account.",
        ["email"] = "Only with this email.",
        ["name"] = "Only of this name.",
        ["prefix"] = "Only those whose shown part begins so.",
        ["at"] = "The instant (RFC 3339).",
        ["heal"] = "Whether Redis is brought back to the books.",
        ["Idempotency-Key"] = "1 to 255 visible ASCII characters: a repeat buys nothing again.",
        ["X-Sandbox-Payment"] = "What the payment sandbox is to do.",
        ["X-Test-Scenario"] = "With a test key: the outcome to show.",
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var description = context.Description;
        if (notes.Find(description.HttpMethod ?? "", "/" + description.RelativePath?.Trim('/')) is { } note)
        {
            var group = description.ActionDescriptor.EndpointMetadata.OfType<CredentialsFirst>().LastOrDefault();
            Complete(operation, note, group, context.Document!);
        }

        return Task.CompletedTask;
    }

    private static void Complete(OpenApiOperation operation, OperationNote note, CredentialsFirst? group, OpenApiDocument document)
    {
        operation.OperationId = note.Id;
        operation.Summary = note.Summary;
        operation.Tags = new HashSet<OpenApiTagReference> { new(note.Tag, document) };
        operation.Parameters = [.. (operation.Parameters ?? []).Where(one => one.In == ParameterLocation.Path)];
        var hasPath = operation.Parameters.Count > 0;
        AddParameters(operation, note.Query, ParameterLocation.Query);
        AddParameters(operation, note.Headers, ParameterLocation.Header);
        if (note.Body is { } body)
        {
            operation.RequestBody = RequestBody(note, body);
        }

        operation.Security = SecuritySchemes.Of(group, document);
        AddAnswers(operation, note);
        AddRefusals(operation, note, OperationCodes.Of(note, group, hasPath), document);
    }

    private static OpenApiRequestBody RequestBody(OperationNote note, JsonObject body)
    {
        var schema = FieldNotation.Schema(body);
        schema.AdditionalPropertiesAllowed = note.Open;
        var media = new OpenApiMediaType { Schema = schema, Example = note.Request?.DeepClone() };
        var content = new Dictionary<string, OpenApiMediaType> { [Json] = media };
        if (note.Form)
        {
            content[Form] = media;
        }

        return new OpenApiRequestBody { Required = schema.Required!.Count > 0, Content = content };
    }

    private static void AddParameters(OpenApiOperation operation, JsonObject noted, ParameterLocation location)
    {
        foreach (var (noteName, notation) in noted)
        {
            var (name, isRequired) = FieldNotation.Name(noteName);
            operation.Parameters!.Add(new OpenApiParameter
            {
                Name = name,
                In = location,
                Required = isRequired,
                Schema = FieldNotation.Schema(notation!),
                Description = s_words.GetValueOrDefault(name),
            });
        }
    }

    private static void AddAnswers(OpenApiOperation operation, OperationNote note)
    {
        operation.Responses ??= [];

        // An answer that is still under way (202) may have another shape.
        foreach (var media in operation.Responses.Where(one => one.Key is "200" or "201")
            .SelectMany(one => one.Value.Content?.Values ?? Enumerable.Empty<OpenApiMediaType>()))
        {
            media.Example = note.Answer?.DeepClone();
        }
    }

    /// <summary>One answer for each status, with the codes that come with it; what a provider says by itself has any status.</summary>
    private static void AddRefusals(
        OpenApiOperation operation, OperationNote note, IReadOnlyList<(ErrorCode Code, int Status)> codes, OpenApiDocument document)
    {
        foreach (var group in codes.GroupBy(one => one.Status, one => one.Code))
        {
            operation.Responses![group.Key.ToString(CultureInfo.InvariantCulture)] = Refusal([.. group], document);
        }

        if (note.PassesOn)
        {
            // Its success too, in the one shape; 204 alone has no body.
            operation.Responses!["2XX"] = new OpenApiResponse
            {
                Description = "The status with which the provider said it.",
                Content = operation.Responses["200"].Content,
            };
            operation.Responses["default"] = Refusal([ErrorCode.ProviderRejected], document);
        }
    }

    private static OpenApiResponse Refusal(IReadOnlyList<ErrorCode> codes, OpenApiDocument document)
    {
        var facts = codes.Select(ErrorCatalog.Of).ToList();
        return new OpenApiResponse
        {
            Description = string.Join(" ", facts.Select(one => $"`{one.Name}`: {one.Title}.")),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new()
                {
                    Schema = new OpenApiSchemaReference(DocumentFrame.Problem, document),
                    Examples = facts.ToDictionary(one => one.Name, one => (IOpenApiExample)new OpenApiExampleReference(one.Name, document)),
                },
            },
        };
    }
}
