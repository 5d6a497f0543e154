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
/// <param name="Request">An example of the request.</param>
/// <param name="Answer">An example of the answer.</param>
internal sealed record OperationNote(
    string Tag, string Summary, bool Public, JsonObject Query, JsonObject Headers, JsonObject? Body, JsonNode? Request, JsonNode? Answer);

/// <summary>All notes, from the files beside this one, by method and path: <c>GET /v1/balance</c>.</summary>
internal sealed partial class OperationNotes
{
    private readonly Dictionary<string, OperationNote> _notes = [];

    public IReadOnlyCollection<string> Operations => _notes.Keys;

    public OperationNote? Find(string method, string path) => _notes.GetValueOrDefault($"{method} {Constraint().Replace(path, "{${name}}")}");

    public static OperationNotes Load()
    {
        var notes = new OperationNotes();
        var assembly = typeof(OperationNotes).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("OpenApi/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            foreach (var (tag, operations) in JsonNode.Parse(stream)!.AsObject())
            {
                foreach (var (operation, note) in operations!.AsObject())
                {
                    notes._notes.Add(operation, Read(tag, note!.AsObject()));
                }
            }
        }

        return notes;
    }

    private static OperationNote Read(string tag, JsonObject note) => new(
        tag,
        note["summary"]!.GetValue<string>(),
        note["public"] is not null,
        note["query"] as JsonObject ?? [],
        note["headers"] as JsonObject ?? [],
        note["body"] as JsonObject,
        note["request"],
        note["answer"]);

    [GeneratedRegex(@"\{(?<name>\w+):\w+\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Constraint();
}
