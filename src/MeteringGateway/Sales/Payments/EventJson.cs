using System.Text.Json;

namespace MeteringGateway.Sales.Payments;

/// <summary>Looks into a provider's event without believing in its shape: what is not there, or of another kind, is null.</summary>
internal static class EventJson
{
    public static JsonElement? At(JsonElement? element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element is not { ValueKind: JsonValueKind.Object } parent || !parent.TryGetProperty(name, out var child))
            {
                return null;
            }

            element = child;
        }

        return element;
    }

    public static string? Text(JsonElement? element, params ReadOnlySpan<string> path) =>
        At(element, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The id of a thing that is named, or stands there whole.</summary>
    public static string? Id(JsonElement? element, params ReadOnlySpan<string> path) =>
        At(element, path) is { } found ? Text(found, "id") ?? (found.ValueKind == JsonValueKind.String ? found.GetString() : null) : null;

    public static IEnumerable<JsonElement> Items(JsonElement? element, params ReadOnlySpan<string> path) =>
        At(element, path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>A moment in seconds since 1970; null also where no calendar has it.</summary>
    public static DateTimeOffset? Seconds(JsonElement? element, params ReadOnlySpan<string> path) =>
        Whole(element, path) is >= 0 and <= 253402300799 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>Those of some texts that are there.</summary>
    public static IReadOnlyList<string> Those(params ReadOnlySpan<string?> texts) => [.. texts.ToArray().OfType<string>()];

    /// <summary>
    /// Whether a provider could have given this as an id: 1 to 255 visible ASCII characters. Anything else is no event of theirs, can't be
    /// kept (PostgreSQL stores no U+0000) and would write into our log what it likes.
    /// </summary>
    public static bool IsId(string? text) => text is { Length: >= 1 and <= 255 } && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    public static long? Whole(JsonElement? element, params ReadOnlySpan<string> path) =>
        At(element, path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var whole) ? whole : null;

    public static bool? Truth(JsonElement? element, params ReadOnlySpan<string> path) =>
        At(element, path)?.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };
}
