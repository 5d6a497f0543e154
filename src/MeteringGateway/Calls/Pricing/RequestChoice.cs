using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Pricing;

/// <summary>What a request asks for, of the fields that price it.</summary>
/// <param name="Option">The value of the field that chooses; empty where none does.</param>
/// <param name="Count">How many; 1 where the request does not say, null where what it says is no whole number.</param>
/// <param name="Error">Set exactly when the request must be refused.</param>
internal readonly record struct RequestChoice(string Option, long? Count, FieldError? Error)
{
    /// <summary>Reads the root object of a body that is one.</summary>
    /// <param name="body">A JSON object.</param>
    /// <param name="per">The field with the number; null: there is none.</param>
    /// <param name="by">The field that chooses; null: there is none.</param>
    /// <param name="options">The values that it may have.</param>
    public static RequestChoice Read(ReadOnlySpan<byte> body, string? per, string? by, ImmutableArray<string> options)
    {
        var reader = JsonFields.Reader(body);
        bool perSeen = false, bySeen = false;
        long? count = 1;
        string? option = by is null ? "" : null;
        while (JsonFields.Next(ref reader))
        {
            bool isPer = false, isBy = false;
            if (per is not null && FieldNames.Check(ref reader, per, ref perSeen, out isPer) is { } perDoubt)
            {
                return Refused(per, perDoubt);
            }

            if (by is not null && FieldNames.Check(ref reader, by, ref bySeen, out isBy) is { } byDoubt)
            {
                return Refused(by, byDoubt);
            }

            reader.Read();
            if (isPer)
            {
                count = WholeNumber(ref reader);
            }

            if (isBy)
            {
                option = Chosen(ref reader, options);
            }

            reader.Skip();
        }

        return option is null
            ? Refused(by!, string.Create(
                CultureInfo.InvariantCulture,
                $"{(bySeen ? "" : "is missing: ")}must be one of {string.Join(", ", options.Order(StringComparer.Ordinal))}"))
            : new RequestChoice(option, count, null);
    }

    /// <summary>Digits only: 1.0 and 1e3 are numbers that some parsers refuse to call whole.</summary>
    private static long? WholeNumber(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number
            && Utf8Parser.TryParse(reader.ValueSpan, out long number, out var read) && read == reader.ValueSpan.Length
            ? number
            : null;

    private static string? Chosen(ref Utf8JsonReader reader, ImmutableArray<string> options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            foreach (var name in options)
            {
                if (JsonFields.TextEquals(ref reader, name))
                {
                    return name;
                }
            }
        }

        return null;
    }

    private static RequestChoice Refused(string field, string detail) => new("", null, new FieldError(JsonFields.Pointer(field), detail));
}
