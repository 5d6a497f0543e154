using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeteringGateway.Http.OpenApi;

/// <summary>What the code can't say about an operation: its words, its request's fields and its examples.</summary>
/// <param name="Id">What a generated client calls it: once published, it stays.</param>
/// <param name="Tag">The part of the product it belongs to.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Public">Whether it asks for no credentials.</param>
/// <param name="Query">Query parameters by name, as <see cref="FieldNotation"/>: the ones it takes, for others are refused.</param>
/// <param name="AnyQuery">Whether it takes any query and reads none: what a probe or a payment provider adds must not be
/// in its way.</param>
/// <param name="Headers">Request headers by name, likewise.</param>
/// <param name="Body">Fields of the request by name, likewise; null: there is none.</param>
/// <param name="Open">Whether the body may have other fields too: they are a provider's.</param>
/// <param name="Form">Whether the body may also be a form.</param>
/// <param name="Request">An example of the request.</param>
/// <param name="Answer">An example of the answer.</param>
/// <param name="Codes">Refusals of its own, beside those that follow from its credentials, parameters and body.</param>
/// <param name="Never">Those that would follow, and that it says in another way.</param>
/// <param name="PassesOn">Whether it passes on the status of a provider that refused the request.</param>
internal sealed record OperationNote(
    string Id, string Tag, string Summary, bool Public, JsonObject Query, bool AnyQuery, JsonObject Headers,
    JsonObject? Body, bool Open, bool Form,
    JsonNode? Request, JsonNode? Answer, IReadOnlyList<string> Codes, IReadOnlyList<string> Never, bool PassesOn)
{
    /// <summary>The names of the query parameters.</summary>
    public IReadOnlyList<string> Parameters { get; } = [.. Query.Select(one => FieldNotation.Name(one.Key).Name)];
}

/// <summary>All notes, from the files beside this one, by method and path: <c>GET /v1/balance</c>.</summary>
internal sealed partial class OperationNotes
{
    /// <summary>Ids and codes, apart from the words: the ids are a promise, which one list makes easier to keep.</summary>
    private const string Published = "Http/OpenApi/operations.json";

    private readonly Dictionary<string, OperationNote> _notes = [];

    public IReadOnlyCollection<string> Operations => _notes.Keys;

    public OperationNote? Find(string method, string path) =>
        _notes.GetValueOrDefault($"{method} {Constraint().Replace(path, "{${name}}")}");

    public static OperationNotes Load()
    {
        var written = new Dictionary<string, (string Tag, JsonObject Note)>();
        foreach (var name in typeof(OperationNotes).Assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith("Http/OpenApi/", StringComparison.Ordinal) || name == Published)
            {
                continue;
            }

            foreach (var (tag, operations) in Read(name))
            {
                foreach (var (operation, note) in operations!.AsObject())
                {
                    written.Add(operation, (tag, note!.AsObject()));
                }
            }
        }

        var (notes, published) = (new OperationNotes(), Read(Published));
        foreach (var (operation, (tag, note)) in written)
        {
            notes._notes.Add(operation, Read(tag, Whole(note, written), published[operation] as JsonObject ?? []));
        }

        return notes;
    }

    private static JsonObject Read(string resource)
    {
        using var stream = typeof(OperationNotes).Assembly.GetManifestResourceStream(resource)!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    /// <summary>A note that says <c>same</c> has what another operation's has, where it does not say otherwise.</summary>
    private static JsonObject Whole(JsonObject note, Dictionary<string, (string Tag, JsonObject Note)> written)
    {
        if (note["same"] is not { } same)
        {
            return note;
        }

        var whole = Whole(written[same.GetValue<string>()].Note, written).DeepClone().AsObject();
        foreach (var (name, value) in note)
        {
            whole[name] = value?.DeepClone();
        }

        return whole;
    }

    private static OperationNote Read(string tag, JsonObject note, JsonObject published) => new(
        published["id"]?.GetValue<string>() ?? "",
        tag,
        note["summary"]!.GetValue<string>(),
        note["public"] is not null,
        note["query"] as JsonObject ?? [],
        note["anyQuery"] is not null,
        note["headers"] as JsonObject ?? [],
        note["body"] as JsonObject,
        note["open"] is not null,
        note["form"] is not null,
        note["request"],
        note["answer"],
        Texts(published["codes"]),
        Texts(published["never"]),
        published["passesOn"] is not null);

    private static IReadOnlyList<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(one => one!.GetValue<string>())];

    [GeneratedRegex(@"\{(?<name>\w+):\w+\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Constraint();
}
