using System.Text.Json;
using MeteringGateway.Configuration;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Calls.Surfaces.TestAnswers;

/// <summary>
/// Reads a surface's <c>TestAnswer</c>: a JSON value is the whole answer; an object of <c>Json</c> and <c>Events</c> has what a request for
/// a stream gets apart. An object in the file arrives here as its text.
/// </summary>
internal static class TestAnswerReader
{
    private const string Form = """JSON, like { "id": 1 }, or { "Json": { "id": 1 }, "Events": [ { "id": 1 }, "[DONE]" ] }""";

    private static readonly JsonDocumentOptions s_options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Null where there is none, or where it is wrong, which has then been reported.</summary>
    /// <param name="fields">The surface's.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <param name="text">The same as it is shown to operators: JSON.</param>
    public static TestAnswer? Read(SectionFields fields, ConfigurationErrors errors, out string text)
    {
        text = "null";
        var field = fields.Field("TestAnswer");
        if (field.GetChildren().Any())
        {
            errors.AddWithoutValue(field.Path, $"is given in parts: must be one text of {Form}");
            return null;
        }

        if (field.Value is not { Length: > 0 } given)
        {
            return null;
        }

        if (Parse(given) is not { } root)
        {
            errors.Add(field.Path, given, Form);
            return null;
        }

        text = root.GetRawText();
        if (root.ValueKind != JsonValueKind.Object
            || root.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal).ToArray()
            is not ["Events", "Json"])
        {
            return new TestAnswer(Bytes(root), TestEvents.Of([root]));
        }

        if (root.GetProperty("Events") is not { ValueKind: JsonValueKind.Array } events)
        {
            errors.AddWithoutValue(field.Path, "has Events that are no list: must be a list of events");
            return null;
        }

        return new TestAnswer(Bytes(root.GetProperty("Json")), TestEvents.Of([.. events.EnumerateArray()]));
    }

    /// <summary>Written anew, so that it stands in one line and without comments.</summary>
    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, s_options);
            return JsonElement.Parse(Bytes(document.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Half of a surrogate pair is JSON, and no text.
            return null;
        }
    }

    private static byte[] Bytes(JsonElement element) => JsonSerializer.SerializeToUtf8Bytes(element, WireJson.Options);
}
