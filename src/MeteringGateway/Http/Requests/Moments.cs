using System.Globalization;
using System.Text.RegularExpressions;

namespace MeteringGateway.Http.Requests;

/// <summary>Moments as RFC 3339 writes them. Without an offset a moment would depend on its reader, so one is asked for.</summary>
internal static partial class Moments
{
    public const string Wanted = "must be a moment like 2027-01-31T23:59:59Z (in a URL, write + as %2B)";

    public static bool TryRead(string text, out DateTimeOffset moment)
    {
        moment = default;
        return Shape().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out moment);
    }

    /// <summary>The first moment of a day in UTC.</summary>
    public static bool TryReadDay(string text, out DateTimeOffset start) => DateTimeOffset.TryParseExact(
        text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out start);

    [GeneratedRegex(
        @"\A\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
