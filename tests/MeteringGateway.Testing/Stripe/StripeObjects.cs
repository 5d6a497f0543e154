using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe;

/// <summary>All objects in the order in which they were made. Its callers hold the double's lock.</summary>
internal sealed class StripeObjects(TimeProvider clock)
{
    private static readonly JsonObject s_shapes = Read();

    private readonly Dictionary<string, JsonObject> _byId = [];
    private readonly List<JsonObject> _all = [];

    public IReadOnlyList<JsonObject> All => _all;
    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>An object with every field of its kind, kept under a new id.</summary>
    public JsonObject Add(string kind, string prefix, params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var thing = Make(kind, prefix, fields);
        _byId.Add(thing.Id(), thing);
        _all.Add(thing);
        return thing;
    }

    /// <summary>One that stands in another alone: a line of an invoice.</summary>
    public JsonObject Make(string kind, string prefix, params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var thing = new JsonObject { ["id"] = $"{prefix}_{RandomNumberGenerator.GetHexString(24, lowercase: true)}" };
        foreach (var (name, value) in (JsonObject)s_shapes[kind]!)
        {
            thing[name] = value?.DeepClone();
        }

        if (thing.ContainsKey("created"))
        {
            thing["created"] = Now;
        }

        return thing.Set(fields);
    }

    public JsonObject Get(string? id, string kind) =>
        Find(id, kind) ?? throw StripeRefusal.Missing(kind, id ?? "");

    public JsonObject? Find(string? id, string? kind = null) =>
        id is not null && _byId.TryGetValue(id, out var thing) && (kind is null || thing.Text("object") == kind) ? thing : null;

    public void Remove(JsonObject thing)
    {
        _byId.Remove(thing.Id());
        _all.Remove(thing);
    }

    /// <summary>The newest first, as in Stripe's lists.</summary>
    public IEnumerable<JsonObject> Of(string kind) => Enumerable.Reverse(_all).Where(thing => thing.Text("object") == kind);

    private static JsonObject Read()
    {
        using var stream = typeof(StripeObjects).Assembly.GetManifestResourceStream("Stripe/shapes.json")!;
        return (JsonObject)JsonNode.Parse(stream)!;
    }
}
