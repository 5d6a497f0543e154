using System.Globalization;
using System.Text;

namespace MeteringGateway.Requests;

/// <summary>Text from outside as a log may carry it: one line of visible ASCII and blanks, so that nobody writes lines of ours or moves a reader's cursor.</summary>
internal static class LogText
{
    private const int Longest = 100;

    public static string Of(string? text)
    {
        if (text is null)
        {
            return "nothing";
        }

        var shown = new StringBuilder();
        foreach (var sign in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            _ = sign is >= ' ' and <= '~' ? shown.Append(sign) : shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)sign:x4}");
        }

        return text.Length > Longest ? shown.Append('…').ToString() : shown.ToString();
    }
}
