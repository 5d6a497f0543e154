using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace MeteringGateway.Http.OpenApi;

/// <summary>
/// The short form of a schema in the notes: a JSON type or <c>date-time</c>, or <c>=a|b</c> for a choice of texts, with <c>?</c> behind it
/// where null is allowed; a number may have bounds and a default: <c>integer 1..200 = 50</c>. A name that ends in <c>*</c> is required.
/// An object is an object of such fields, an array has one item.
/// </summary>
internal static partial class FieldNotation
{
    /// <summary>Ids and credits pass 32 bits, which is what a generator would take otherwise.</summary>
    private const string Int64 = "int64";

    public static OpenApiSchema Schema(JsonNode notation) => notation switch
    {
        JsonObject fields => OfObject(fields),
        JsonArray items => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Schema(items[0]!) },
        _ => OfText(notation.GetValue<string>()),
    };

    public static (string Name, bool IsRequired) Name(string name) => name.EndsWith('*') ? (name[..^1], true) : (name, false);

    private static OpenApiSchema OfObject(JsonObject fields)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalPropertiesAllowed = false,
            Properties = new Dictionary<string, IOpenApiSchema>(),
            Required = new HashSet<string>(),
        };
        foreach (var (noted, notation) in fields)
        {
            var (name, isRequired) = Name(noted);
            schema.Properties[name] = Schema(notation!);
            if (isRequired)
            {
                schema.Required.Add(name);
            }
        }

        return schema;
    }

    private static OpenApiSchema OfText(string text)
    {
        var isNullable = text.EndsWith('?');
        var type = isNullable ? text[..^1] : text;
        var nothing = isNullable ? JsonSchemaType.Null : 0;
        if (type.StartsWith('='))
        {
            var choices = type[1..].Split('|').Select(one => (JsonNode)one);
            return new OpenApiSchema
            {
                Type = JsonSchemaType.String | nothing,
                Enum = isNullable ? [.. choices, JsonNullSentinel.JsonNull] : [.. choices],
            };
        }

        if (Bounded().Match(type) is { Success: true } bounded)
        {
            return new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = Int64,
                Minimum = bounded.Groups["min"].Value,
                Maximum = bounded.Groups["max"] is { Success: true } max ? max.Value : null,
                Default = bounded.Groups["default"] is { Success: true } value
                    ? long.Parse(value.Value, CultureInfo.InvariantCulture)
                    : null,
            };
        }

        return type switch
        {
            "string" => new OpenApiSchema { Type = JsonSchemaType.String | nothing },
            "integer" => new OpenApiSchema { Type = JsonSchemaType.Integer | nothing, Format = Int64 },
            "number" => new OpenApiSchema { Type = JsonSchemaType.Number | nothing },
            "boolean" => new OpenApiSchema { Type = JsonSchemaType.Boolean | nothing },
            "object" => new OpenApiSchema { Type = JsonSchemaType.Object | nothing },
            "date-time" => new OpenApiSchema { Type = JsonSchemaType.String | nothing, Format = "date-time" },
            _ => throw new InvalidOperationException($"'{text}' is no field notation."),
        };
    }

    [GeneratedRegex(@"\Ainteger (?<min>\d+)\.\.(?<max>\d+)?( = (?<default>\d+))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Bounded();
}
