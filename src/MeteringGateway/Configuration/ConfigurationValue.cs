using System.Globalization;

namespace MeteringGateway.Configuration;

/// <summary>Turns the text of a setting into its type; the one place that says which spellings are allowed.</summary>
internal static class ConfigurationValue
{
    public const string DurationForm = "a duration like 00:00:05 (hours:minutes:seconds)";

    public static bool TryWhole(string? text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>All three parts are required: .NET reads "30" as thirty days and "0:30" as thirty minutes, which nobody means.</summary>
    public static bool TryDuration(string? text, out TimeSpan value)
    {
        value = default;
        return text is not null && text.Count(c => c == ':') == 2 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Answers null when <paramref name="text"/> fits, else what would be right.</summary>
    public static string? Read(Type type, string? text, out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            value = text;
            return null;
        }
        if (type == typeof(bool))
            return bool.TryParse(text, out var truth) ? Set(truth, out value) : "true or false";
        if (type == typeof(TimeSpan))
            return TryDuration(text, out var duration) ? Set(duration, out value) : DurationForm;
        if (type == typeof(decimal))
            return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? Set(number, out value)
                : "a number like 0.01";
        if (type == typeof(long))
            return TryWhole(text, out var whole) ? Set(whole, out value) : "a whole number";
        if (type == typeof(int))
            return TryWhole(text, out var small) && small is >= int.MinValue and <= int.MaxValue
                ? Set((int)small, out value)
                : "a whole number";
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
                ? Set(real, out value)
                : "a number like 0.5";
        if (type == typeof(Uri))
            return Uri.TryCreate(text, UriKind.Absolute, out var uri) ? Set(uri, out value) : "an address like http://127.0.0.1:8080";
        if (type.IsEnum)
            return Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase)
                ? Set(Enum.Parse(type, text!, ignoreCase: true), out value)
                : $"one of {string.Join(", ", Enum.GetNames(type))}";
        throw new NotSupportedException($"Options of type {type} have no spelling yet.");
    }

    private static string? Set(object read, out object? value)
    {
        value = read;
        return null;
    }
}
