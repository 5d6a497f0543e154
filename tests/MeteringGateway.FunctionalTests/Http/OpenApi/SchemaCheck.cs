using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeteringGateway.FunctionalTests.Http.OpenApi;

/// <summary>
/// As much of JSON Schema as our document uses; a keyword that it doesn't know is a fault of the test, not silently right.
/// </summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly HashSet<string> Known =
    [
        "$ref", "type", "properties", "required", "items", "enum", "oneOf", "anyOf", "additionalProperties", "pattern",
        "format", "description", "default", "minLength", "maxLength",
    ];

    /// <summary>What is wrong with the value, by its path; empty when it is valid.</summary>
    public IEnumerable<string> Faults(JsonElement schema, JsonElement value, string path)
    {
        if (schema.ValueKind == JsonValueKind.True || !schema.EnumerateObject().Any())
        {
            return [];
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Faults(Resolve(reference.GetString()!), value, path);
        }

        var unknown = schema.EnumerateObject().Where(keyword => !Known.Contains(keyword.Name))
            .Select(keyword => $"{path}: the keyword {keyword.Name} is not checked");
        return [
            .. unknown, .. OfType(schema, value, path), .. OfChoice(schema, value, path), .. OfObject(schema, value, path),
            .. OfItems(schema, value, path)];
    }

    private JsonElement Resolve(string reference) =>
        reference.Split('/').Skip(1).Aggregate(document, (at, name) => at.GetProperty(name));

    private static IEnumerable<string> OfType(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("type", out var type))
        {
            var types = type.ValueKind == JsonValueKind.Array
                ? type.EnumerateArray().Select(one => one.GetString()!).ToList()
                : [type.GetString()!];
            if (!types.Exists(one => Is(one, value)))
            {
                yield return $"{path}: {value.ValueKind} is not {string.Join(" or ", types)}";
            }
        }

        if (value.ValueKind == JsonValueKind.String && schema.TryGetProperty("pattern", out var pattern)
            && !Regex.IsMatch(value.GetString()!, pattern.GetString()!))
        {
            yield return $"{path}: {value} does not match {pattern}";
        }

        if (value.ValueKind == JsonValueKind.String && schema.TryGetProperty("format", out var format)
            && format.GetString() == "date-time" && !value.TryGetDateTimeOffset(out _))
        {
            yield return $"{path}: {value} is no moment";
        }
    }

    private IEnumerable<string> OfChoice(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(one => one.ToString() == value.ToString()))
        {
            yield return $"{path}: {value} is not one of {allowed}";
        }

        foreach (var name in new[] { "oneOf", "anyOf" })
        {
            if (schema.TryGetProperty(name, out var choices) && !choices.EnumerateArray().Any(choice => !Faults(choice, value, path).Any()))
            {
                yield return $"{path}: fits none of {choices}";
            }
        }
    }

    private IEnumerable<string> OfObject(JsonElement schema, JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(one => one.GetString()!)
                .Where(name => !value.TryGetProperty(name, out _)))
            {
                yield return $"{path}: {name} is missing";
            }
        }

        var properties = schema.TryGetProperty("properties", out var found) ? found : default;
        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : default;
        foreach (var property in value.EnumerateObject())
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(property.Name, out var named))
            {
                foreach (var fault in Faults(named, property.Value, $"{path}.{property.Name}"))
                {
                    yield return fault;
                }
            }
            else if (others.ValueKind == JsonValueKind.Object)
            {
                foreach (var fault in Faults(others, property.Value, $"{path}.{property.Name}"))
                {
                    yield return fault;
                }
            }
            else if (properties.ValueKind == JsonValueKind.Object && others.ValueKind != JsonValueKind.True)
            {
                // Stricter than the standard: an example with a name that the schema has not is a typing error.
                yield return $"{path}: {property.Name} is not in the schema";
            }
        }
    }

    private IEnumerable<string> OfItems(JsonElement schema, JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items)
            ? value.EnumerateArray().SelectMany((item, i) => Faults(items, item, $"{path}[{i}]"))
            : [];

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new InvalidOperationException($"Unknown type {type}."),
    };
}
