using System.Globalization;
using System.Text;

namespace MeteringGateway.Telemetry;

/// <summary>Makes text from outside harmless in a log: one line stays one line, and a terminal that shows it obeys nothing in it.</summary>
internal static class LogText
{
    /// <summary>A line is read by people; a caller that sends a megabyte fills the disk and tells nothing.</summary>
    private const int LongestLine = 8 * 1024;

    /// <summary>A value is one part of a line.</summary>
    private const int LongestValue = 100;

    public static string Escape(string text)
    {
        var end = Math.Min(text.Length, LongestLine);
        var at = FirstHidden(text.AsSpan(0, end));
        if (at < 0 && end == text.Length)
        {
            return text;
        }

        var escaped = new StringBuilder(end + 64);
        foreach (var one in text.AsSpan(0, end))
        {
            if (IsHidden(one))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)one:x4}");
            }
            else
            {
                escaped.Append(one);
            }
        }

        return end < text.Length
            ? escaped.Append(CultureInfo.InvariantCulture, $"… ({text.Length - end} more characters)").ToString()
            : escaped.ToString();
    }

    /// <summary>A value in a line of ours: visible ASCII and blanks, so that it is told from what stands around it.</summary>
    public static string Value(string? text)
    {
        if (text is null)
        {
            return "nothing";
        }

        var shown = new StringBuilder();
        foreach (var sign in text.AsSpan(0, Math.Min(text.Length, LongestValue)))
        {
            _ = sign is >= ' ' and <= '~' ? shown.Append(sign) : shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)sign:x4}");
        }

        return text.Length > LongestValue ? shown.Append('…').ToString() : shown.ToString();
    }

    /// <summary>The exception with its stack, which has lines of its own; its messages may quote what somebody sent.</summary>
    public static string Of(Exception exception)
    {
        var text = exception.ToString();
        for (var one = exception; one is not null; one = one.InnerException)
        {
            if (one.Message.Length > 0 && FirstHidden(one.Message) >= 0)
            {
                text = text.Replace(one.Message, Escape(one.Message), StringComparison.Ordinal);
            }
        }

        return text;
    }

    private static int FirstHidden(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsHidden(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Control signs, and those that no eye sees but that turn or break a line.</summary>
    private static bool IsHidden(char one) => !char.IsBetween(one, ' ', '~') && char.GetUnicodeCategory(one)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
