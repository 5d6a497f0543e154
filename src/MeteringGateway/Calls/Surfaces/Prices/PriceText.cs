using System.Text.Json;
using System.Text.Json.Nodes;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Calls.Surfaces.Prices;

/// <summary>
/// A price as its section writes it, in JSON. From the section and not from what is made of it, so that a new kind of price
/// is shown by itself.
/// </summary>
internal static class PriceText
{
    public static string Of(IConfigurationSection price) => (Node(price, isField: true) ?? new JsonObject()).ToJsonString(WireJson.Options);

    /// <summary>Fields are ours and named as in every answer; below them stand names of the provider's, which stay as they are.</summary>
    private static JsonNode? Node(IConfigurationSection section, bool isField)
    {
        var children = section.GetChildren().ToArray();
        if (children.Length == 0)
            return ConfigurationValue.TryWhole(section.Value, out var whole) ? JsonValue.Create(whole) : JsonValue.Create(section.Value);
        var node = new JsonObject();
        foreach (var child in children)
            node[isField ? JsonNamingPolicy.SnakeCaseLower.ConvertName(child.Key) : child.Key] = Node(child, isField: false);
        return node;
    }
}
