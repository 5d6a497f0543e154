using System.Globalization;

namespace MeteringGateway.Calls.Providers;

/// <summary>A provider's <c>Retry-After</c> (RFC 9110, 10.2.3): seconds, or a date.</summary>
internal static class RetryAfter
{
    /// <summary>What asks for longer is passed on as this: a day tells a client as much as a year.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Null where there is none, or none that can be read, or its time is over.</summary>
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out var values) || values.Count != 1)
        {
            return null;
        }

        var text = values.ToString().Trim();
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            // More digits than a long has are as good as for ever.
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? Within(seconds > (long)Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds(seconds))
                : Longest;
        }

        return DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? Within(moment - now)
            : null;
    }

    private static TimeSpan? Within(TimeSpan wait) => wait <= TimeSpan.Zero ? null : wait > Longest ? Longest : wait;
}
