using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeteringGateway.FunctionalTests.Dialects;

/// <summary>
/// Holds an answer against a document's example: the same names in the same order, the same types, moments in the same format.
/// Of an example's array each item is a possible shape; an empty one says nothing.
/// </summary>
internal static partial class Shape
{
    public static void Matches(string example, JsonElement actual) =>
        Assert.Null(Difference(JsonElement.Parse(example), actual, "$"));

    private static string? Difference(JsonElement example, JsonElement actual, string path)
    {
        if (Kind(example) != Kind(actual))
        {
            return $"{path}: {actual.ValueKind} in place of {example.ValueKind}";
        }

        return example.ValueKind switch
        {
            JsonValueKind.Object => OfObjects(example, actual, path),
            JsonValueKind.Array => OfArrays(example, actual, path),
            JsonValueKind.String when Moment(example) != Moment(actual) => $"{path}: {actual} is not written like {example}",
            _ => null,
        };
    }

    private static string? OfObjects(JsonElement example, JsonElement actual, string path)
    {
        var (wanted, found) = (Names(example), Names(actual));
        return wanted.SequenceEqual(found)
            ? wanted.Select(name => Difference(example.GetProperty(name), actual.GetProperty(name), $"{path}.{name}"))
                .FirstOrDefault(difference => difference is not null)
            : $"{path}: {string.Join(",", found)} in place of {string.Join(",", wanted)}";
    }

    private static string? OfArrays(JsonElement example, JsonElement actual, string path)
    {
        if (example.GetArrayLength() == 0)
        {
            return null;
        }

        return actual.EnumerateArray()
            .Select((item, i) => example.EnumerateArray().Select(shape => Difference(shape, item, $"{path}[{i}]"))
                .OrderBy(difference => difference is not null).First())
            .FirstOrDefault(difference => difference is not null);
    }

    private static List<string> Names(JsonElement value) => [.. value.EnumerateObject().Select(property => property.Name)];

    private static JsonValueKind Kind(JsonElement value) => value.ValueKind == JsonValueKind.False ? JsonValueKind.True : value.ValueKind;

    private static string Moment(JsonElement value) =>
        MomentSyntax().IsMatch(value.GetString()!) ? MomentSyntax().Replace(value.GetString()!, "${fraction}Z") : "";

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?<fraction>\.?)(\d\d\d)?Z$", RegexOptions.ExplicitCapture)]
    private static partial Regex MomentSyntax();
}
