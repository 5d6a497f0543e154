using System.Text;
using System.Text.Json;

namespace MeteringGateway.Calls.Surfaces.TestAnswers;

/// <summary>Writes the events of a <see cref="TestAnswer"/> as a provider would send them.</summary>
internal static class TestEvents
{
    private const string Done = "[DONE]";
    private const string Type = "type";

    /// <summary>
    /// An object with a <c>type</c> is an event of that name, as in Anthropic's streams; a string is the data itself. A list whose events
    /// have no names ends with <c>[DONE]</c>, as OpenAI's do.
    /// </summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Of(IReadOnlyList<JsonElement> elements)
    {
        var events = elements.Select(Event).ToList();
        if (!elements.Any(element => TypeOf(element) is not null) && !(elements.Count > 0 && IsDone(elements[^1])))
        {
            events.Add(Text("", Done));
        }

        return events;
    }

    private static ReadOnlyMemory<byte> Event(JsonElement element) =>
        TypeOf(element) is { } type ? Text($"event: {type}\n", element.GetRawText())
        : Text("", element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText());

    /// <summary>Each line of it is a field of its own.</summary>
    private static ReadOnlyMemory<byte> Text(string name, string data) =>
        Encoding.UTF8.GetBytes($"{name}data: {data.ReplaceLineEndings("\ndata: ")}\n\n");

    private static string? TypeOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(Type, out var type) && type.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;

    private static bool IsDone(JsonElement element) => element.ValueKind == JsonValueKind.String && element.ValueEquals(Done);
}
