using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MeteringGateway.OpenApi;

/// <summary>Completes what the framework has found out about an endpoint with its note.</summary>
internal sealed class NotedOperation(OperationNotes notes) : IOpenApiOperationTransformer
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var description = context.Description;
        if (notes.Find(description.HttpMethod ?? "", "/" + description.RelativePath?.Trim('/')) is { } note)
        {
            Complete(operation, note, context.Document!);
        }

        return Task.CompletedTask;
    }

    private static void Complete(OpenApiOperation operation, OperationNote note, OpenApiDocument document)
    {
        operation.Summary = note.Summary;
        operation.Tags = new HashSet<OpenApiTagReference> { new(note.Tag, document) };
        document.Tags ??= new HashSet<OpenApiTag>();
        if (document.Tags.All(tag => tag.Name != note.Tag))
        {
            document.Tags.Add(new OpenApiTag { Name = note.Tag });
        }

        AddParameters(operation, note.Query, ParameterLocation.Query);
        AddParameters(operation, note.Headers, ParameterLocation.Header);
        if (note.Body is { } body)
        {
            operation.RequestBody = RequestBody(note, body);
        }

        if (!note.Public)
        {
            operation.Security = [.. DocumentFrame.Credentials.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] })];
        }

        AddAnswers(operation, note, document);
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
        operation.Parameters ??= [];
        foreach (var (name, notation) in noted)
        {
            operation.Parameters.Add(new OpenApiParameter { Name = FieldNotation.Name(name).Name, In = location, Required = FieldNotation.Name(name).IsRequired, Schema = FieldNotation.Schema(notation!) });
        }
    }

    private static void AddAnswers(OpenApiOperation operation, OperationNote note, OpenApiDocument document)
    {
        operation.Responses ??= [];
        if (note.Answer is { } answer && operation.Responses.OrderBy(response => int.Parse(response.Key, CultureInfo.InvariantCulture)).FirstOrDefault().Value is { } success)
        {
            foreach (var (_, media) in success.Content ?? new Dictionary<string, OpenApiMediaType>())
            {
                media.Example = answer.DeepClone();
            }
        }

        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "Refused.",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(DocumentFrame.Problem, document) } },
        };
    }
}
