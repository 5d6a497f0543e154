using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Pricing;

/// <summary>The request says how many it wants and of which kind.</summary>
/// <param name="Per">The request field with the number of units; null: always one.</param>
/// <param name="By">The request field whose value picks the price; null: there is one price, under the empty name.</param>
/// <param name="Credits">Price of one unit by value of <paramref name="By"/>.</param>
internal sealed record OptionPrice(string? Per, string? By, FrozenDictionary<string, long> Credits) : Price
{
    public override Quote Quote(ReadOnlySpan<byte> body)
    {
        var reader = JsonFields.Reader(body);
        bool perSeen = false, bySeen = false;
        long? count = 1;
        string? option = By is null ? "" : null;
        while (JsonFields.Next(ref reader))
        {
            bool isPer = false, isBy = false;
            if (Per is not null && FieldNames.Check(ref reader, Per, ref perSeen, out isPer) is { } perDoubt)
            {
                return Refused(Per, perDoubt);
            }

            if (By is not null && FieldNames.Check(ref reader, By, ref bySeen, out isBy) is { } byDoubt)
            {
                return Refused(By, byDoubt);
            }

            reader.Read();
            if (isPer)
            {
                count = WholeNumber(ref reader);
            }

            if (isBy)
            {
                option = Option(ref reader);
            }

            reader.Skip();
        }

        return option is null
            ? Refused(By!, string.Create(
                CultureInfo.InvariantCulture,
                $"{(bySeen ? "" : "is missing: ")}must be one of {string.Join(", ", Credits.Keys.Order(StringComparer.Ordinal))}"))
            : Multiply(count, option);
    }

    public override long Charge(long reserved, ReadOnlySpan<byte> result) => reserved;

    private Quote Multiply(long? count, string option)
    {
        var price = Credits[option];
        var most = Ceiling / price;
        return count is { } units && units >= 1 && units <= most
            ? new Quote(units * price, Detail(units, option), null)
            : Refused(Per!, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from 1 to {most}"));
    }

    private string Detail(long units, string option) => (Per, By) switch
    {
        (null, _) => $"{By}={option}",
        (_, null) => string.Create(CultureInfo.InvariantCulture, $"{Per}={units}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Per}={units}, {By}={option}"),
    };

    /// <summary>Digits only: 1.0 and 1e3 are numbers that some parsers refuse to call whole.</summary>
    private static long? WholeNumber(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number
            && Utf8Parser.TryParse(reader.ValueSpan, out long number, out var read) && read == reader.ValueSpan.Length
            ? number
            : null;

    private string? Option(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            foreach (var name in Credits.Keys)
            {
                if (JsonFields.TextEquals(ref reader, name))
                {
                    return name;
                }
            }
        }

        return null;
    }

    private static Quote Refused(string field, string detail) => new(0, null, new FieldError(JsonFields.Pointer(field), detail));
}
