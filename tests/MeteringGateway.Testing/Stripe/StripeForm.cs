using System.Globalization;
using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe;

/// <summary>Reads form-encoded names with brackets: <c>line_items[0][price]=p&amp;expand[]=x</c>.</summary>
internal static class StripeForm
{
    public static JsonObject Read(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var root = new JsonObject();
        foreach (var (name, value) in pairs)
        {
            Put(root, name.Replace("]", "", StringComparison.Ordinal).Split('['), value);
        }

        return (JsonObject)Shape(root);
    }

    private static void Put(JsonObject parent, ReadOnlySpan<string> path, string value)
    {
        var name = path[0].Length > 0 ? path[0] : parent.Count.ToString(CultureInfo.InvariantCulture);
        if (path.Length == 1)
        {
            parent[name] = value;
            return;
        }

        if (parent[name] is not JsonObject child)
        {
            parent[name] = child = [];
        }

        Put(child, path[1..], value);
    }

    /// <summary>Names 0, 1, 2 … are places of an array, but in metadata.</summary>
    private static JsonNode Shape(JsonObject thing)
    {
        foreach (var (name, value) in thing.ToList())
        {
            if (value is JsonObject child && name != "metadata")
            {
                thing[name] = null;
                thing[name] = Shape(child);
            }
        }

        var isList = thing.Count > 0
            && thing.Select((field, place) => field.Key == place.ToString(CultureInfo.InvariantCulture)).All(fits => fits);
        return isList ? new JsonArray([.. thing.Select(field => field.Value?.DeepClone())]) : thing;
    }
}
