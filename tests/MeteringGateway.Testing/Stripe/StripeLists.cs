using System.Globalization;
using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe;

/// <summary>Pages, and what <c>expand[]</c> puts in the place of an id.</summary>
internal sealed class StripeLists(StripeObjects objects)
{
    private const int MaxPage = 100;

    /// <param name="things">The newest first.</param>
    /// <param name="path">The list's address, which stands in it.</param>
    /// <param name="form">The query: a page's bounds and size, and <c>created</c>.</param>
    public static JsonObject Page(IEnumerable<JsonObject> things, string path, JsonObject form)
    {
        var fitting = things.Where(thing => IsInTime(thing.Whole("created") ?? 0, form["created"])).ToList();
        var limit = (int)(form.Whole("limit") ?? 10);
        if (limit is < 1 or > MaxPage)
        {
            throw StripeRefusal.Invalid("A limit is 1 to 100.", "limit");
        }

        if (form.Text("starting_after") is { } after)
        {
            fitting = fitting[(Place(fitting, after, "starting_after") + 1)..];
        }
        else if (form.Text("ending_before") is { } before)
        {
            fitting = fitting[..Place(fitting, before, "ending_before")];
            return List(fitting.TakeLast(limit), path, fitting.Count > limit);
        }

        return List(fitting.Take(limit), path, fitting.Count > limit);
    }

    public static JsonObject List(IEnumerable<JsonObject> things, string path, bool hasMore = false) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. things.Select(thing => thing.DeepClone())]),
        ["has_more"] = hasMore,
        ["url"] = path,
    };

    /// <summary>A copy in which the ids at these paths are the objects themselves.</summary>
    public JsonObject Expand(JsonObject answer, IReadOnlyList<string> paths)
    {
        var copy = (JsonObject)answer.DeepClone();
        foreach (var path in paths)
        {
            Expand(copy, path.Split('.'), path);
        }

        return copy;
    }

    private void Expand(JsonObject thing, ReadOnlySpan<string> path, string whole)
    {
        if (path[0] == "data" && thing.Text("object") == "list")
        {
            foreach (var item in thing.Items("data"))
            {
                Expand(item, path[1..], whole);
            }

            return;
        }

        if (ListIn(thing, path[0]) is { } list)
        {
            thing[path[0]] = list;
        }

        if (!thing.TryGetPropertyValue(path[0], out var value))
        {
            throw StripeRefusal.Invalid($"This property cannot be expanded ({whole}).", "expand");
        }

        if (value is JsonValue && objects.Find(value.ToString()) is { } found)
        {
            thing[path[0]] = found.DeepClone();
        }

        if (path.Length > 1 && thing[path[0]] is JsonObject next)
        {
            Expand(next, path[1..], whole);
        }
    }

    /// <summary>Lists that are there only where they are asked for.</summary>
    private JsonObject? ListIn(JsonObject thing, string name) => (thing.Text("object"), name) switch
    {
        ("invoice", "payments") => List(
            objects.Of("invoice_payment").Where(payment => payment.Text("invoice") == thing.Id()), "/v1/invoice_payments"),
        ("charge", "refunds") => List(
            objects.Of("refund").Where(refund => refund.Text("charge") == thing.Id()), $"/v1/charges/{thing.Id()}/refunds"),
        _ => null,
    };

    private static int Place(List<JsonObject> things, string id, string param)
    {
        var place = things.FindIndex(thing => thing.Id() == id);
        return place >= 0 ? place : throw StripeRefusal.Invalid($"No such object: '{id}'", param, "resource_missing");
    }

    private static bool IsInTime(long created, JsonNode? bounds) => bounds is JsonValue
        ? created.ToString(CultureInfo.InvariantCulture) == bounds.ToString()
        : !(created < bounds.Whole("gte")) && !(created <= bounds.Whole("gt"))
            && !(created > bounds.Whole("lte")) && !(created >= bounds.Whole("lt"));
}
