using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeteringGateway.OpenApi;

/// <summary>What the code can't say about an operation: its words, its request's fields and its examples.</summary>
/// <param name="Tag">The part of the product it belongs to.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Public">Whether it asks for no credentials.</param>
/// <param name="Query">Query parameters by name, as <see cref="FieldNotation"/>.</param>
/// <param name="Headers">Request headers by name, likewise.</param>
/// <param name="Body">Fields of the request by name, likewise; null: there is none.</param>
/// <param name="Open">Whether the body may have other fields too: they are a provider's.</param>
/// <param name="Form">Whether the body may also be a form.</param>
/// <param name="Request">An example of the request.</param>
/// <param name="Answer">An example of the answer.</param>
internal sealed record OperationNote(
    string Tag, string Summary, bool Public, JsonObject Query, JsonObject Headers, JsonObject? Body, bool Open, bool Form, JsonNode? Request, JsonNode? Answer);

/// <summary>All notes, from the files beside this one, by method and path: <c>GET /v1/balance</c>.</summary>
internal sealed partial class OperationNotes
{
    private readonly Dictionary<string, OperationNote> _notes = [];

    public IReadOnlyCollection<string> Operations => _notes.Keys;

    public OperationNote? Find(string method, string path) => _notes.GetValueOrDefault($"{method} {Constraint().Replace(path, "{${name}}")}");

    public static OperationNotes Load()
    {
        var written = new Dictionary<string, (string Tag, JsonObject Note)>();
        var assembly = typeof(OperationNotes).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("OpenApi/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            foreach (var (tag, operations) in JsonNode.Parse(stream)!.AsObject())
            {
                foreach (var (operation, note) in operations!.AsObject())
                {
                    written.Add(operation, (tag, note!.AsObject()));
                }
            }
        }

        var notes = new OperationNotes();
        foreach (var (operation, (tag, note)) in written)
        {
            notes._notes.Add(operation, Read(tag, Whole(note, written)));
        }

        return notes;
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

    private static OperationNote Read(string tag, JsonObject note) => new(
        tag,
        note["summary"]!.GetValue<string>(),
        note["public"] is not null,
        note["query"] as JsonObject ?? [],
        note["headers"] as JsonObject ?? [],
        note["body"] as JsonObject,
        note["open"] is not null,
        note["form"] is not null,
        note["request"],
        note["answer"]);

    [GeneratedRegex(@"\{(?<name>\w+):\w+\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Constraint();
}
