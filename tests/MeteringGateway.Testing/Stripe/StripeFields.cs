using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe;

/// <summary>Reads and sets fields of an object, or of a request's form, where every value is a text.</summary>
internal static class StripeFields
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>Null: it is not there. What is there and is no whole number is refused as Stripe refuses it.</summary>
    public static long? Whole(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        if (node.At(path) is not JsonValue value)
        {
            return null;
        }

        return long.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole
            : throw StripeRefusal.Invalid($"Invalid integer: {value}", string.Join('.', path.ToArray()));
    }

    public static bool Truth(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path)?.ToString() == "true";

    public static IEnumerable<JsonObject> Items(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array ? array.OfType<JsonObject>() : [];

    public static IReadOnlyList<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array ? [.. array.Select(item => item?.ToString() ?? "")] : [];

    public static string Id(this JsonObject thing) => thing.Text("id")!;

    public static JsonObject Set(this JsonObject thing, params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        foreach (var (name, value) in fields)
        {
            thing[name] = value;
        }

        return thing;
    }

    /// <summary>The texts of the form that are there, as they are.</summary>
    public static JsonObject Take(this JsonObject thing, JsonObject form, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (form[name] is { } value)
            {
                thing[name] = value.DeepClone();
            }
        }

        return thing;
    }

    /// <summary>Metadata is merged name by name; an empty value takes the name away.</summary>
    public static JsonObject Merge(this JsonObject thing, JsonNode? metadata)
    {
        var kept = (JsonObject)thing["metadata"]!;
        foreach (var (name, value) in metadata as JsonObject ?? [])
        {
            var text = value?.ToString() ?? "";
            if (name.Length > 40 || text.Length > 500)
            {
                throw StripeRefusal.Invalid("Metadata names have at most 40 characters and values at most 500.", $"metadata[{name}]");
            }

            kept[name] = text;
            if (text.Length == 0)
            {
                kept.Remove(name);
            }
        }

        return kept.Count <= 50 ? thing : throw StripeRefusal.Invalid("Metadata has at most 50 names.", "metadata");
    }
}
