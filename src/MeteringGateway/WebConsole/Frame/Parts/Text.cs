using System.Globalization;

namespace MeteringGateway.WebConsole.Frame.Parts;

/// <summary>How the console writes numbers, money and moments: the same everywhere, whatever the machine's language.</summary>
internal static class Text
{
    /// <summary>12,345; a minus is a minus sign.</summary>
    public static string Number(long value) => value.ToString("#,0;−#,0", CultureInfo.InvariantCulture);

    /// <summary>As a number that is known, and a dash where nobody can say.</summary>
    public static string Number(long? value) => value is { } known ? Number(known) : "–";

    /// <summary>+500 or −2.</summary>
    public static string Change(long value) => value.ToString("+#,0;−#,0;0", CultureInfo.InvariantCulture);

    public static string Credits(long value) => value is 1 or -1 ? Number(value) + " credit" : Number(value) + " credits";

    public static string Usd(long cents) => (cents / 100m).ToString("$#,0.00;−$#,0.00", CultureInfo.InvariantCulture);

    public static string Usd(decimal dollars) => dollars.ToString("$#,0.00;−$#,0.00", CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A word of an API, as a person reads it: <c>past_due</c> becomes "Past due".</summary>
    public static string Word(string? word) =>
        string.IsNullOrEmpty(word) ? "–" : char.ToUpperInvariant(word[0]) + word[1..].Replace('_', ' ');
}
