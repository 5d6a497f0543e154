using System.Globalization;
using System.Text.Json;

namespace MeteringGateway.Calls.Pricing;

/// <summary>
/// The provider's answer says how much was used. The most it may cost is held, what it did cost is charged.
/// An answer that does not say it costs the most: what was used is unknown, and a provider that says nothing must not make calls free.
/// </summary>
/// <param name="Path">Dotted property names in the answer, such as <c>usage.total_tokens</c>.</param>
/// <param name="CreditsPerThousand">Credits for a thousand of what is counted there.</param>
/// <param name="MaxCredits">What is held, and the most that is charged.</param>
internal sealed record UsagePrice(string Path, long CreditsPerThousand, long MaxCredits) : Price
{
    /// <summary>Answers are the provider's own affair, so far deeper nesting is read than requests may have.</summary>
    private const int MaxDepth = 1_000;

    private readonly string[] _path = Path.Split('.');

    public override Quote Quote(ReadOnlySpan<byte> body) => new(MaxCredits, null, null);

    public override long Charge(long reserved, ReadOnlySpan<byte> result)
    {
        var most = Math.Min(reserved, MaxCredits);
        var number = Usage(result);
        if (number.IsEmpty)
        {
            return most;
        }

        if (number[0] == (byte)'-')
        {
            return Math.Min(1, most);
        }

        // What JSON calls a number and decimal can't hold is larger than any bound of ours; what is too small for it reads as 0.
        if (!decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var used)
            || used >= most * 1000m / CreditsPerThousand)
        {
            return most;
        }

        return Math.Clamp((long)decimal.Ceiling(used * CreditsPerThousand / 1000m), Math.Min(1, most), most);
    }

    private ReadOnlySpan<byte> Usage(ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty)
        {
            return default;
        }

        var reader = new Utf8JsonReader(answer, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? answer[Walk(ref reader)] : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>
    /// Reads to the end, so that an answer cut short is no answer; of a name given twice the last counts, as with most parsers.
    /// </summary>
    private Range Walk(ref Utf8JsonReader reader)
    {
        Range number = default;

        // How many names of the path the objects around the reader stand for.
        var matched = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                matched--;
                continue;
            }

            var onPath = JsonFields.TextEquals(ref reader, _path[matched]);
            reader.Read();
            if (onPath && matched < _path.Length - 1 && reader.TokenType == JsonTokenType.StartObject)
            {
                matched++;
                continue;
            }

            if (onPath && matched == _path.Length - 1)
            {
                var start = (int)reader.TokenStartIndex;
                number = reader.TokenType == JsonTokenType.Number ? start..(start + reader.ValueSpan.Length) : default;
            }

            reader.Skip();
        }

        return number;
    }
}
