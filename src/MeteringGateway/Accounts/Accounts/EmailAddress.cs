using System.Globalization;
using System.Text.RegularExpressions;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Accounts.Accounts;

/// <summary>
/// What makes two spellings one email: composed and decomposed, in any case, with the domain in its own script and in punycode. Decided
/// here and not by PostgreSQL, whose <c>lower()</c> goes by the locale that the database happens to have.
/// </summary>
internal static partial class EmailAddress
{
    private const string AsciiLabel = "xn--";

    /// <summary>Fullwidth letters, which an input method leaves behind, lie this far above those they stand for.</summary>
    private const int FullwidthOffset = 0xFEE0;

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <summary>Only what every mail system agrees on; whether the address exists, only a mail can tell.</summary>
    public static bool IsAddress(string text) => Syntax().IsMatch(text) && !text.Any(IsInvisible);

    /// <summary>The same for every spelling of an address. Of a text that is no address it is a key that no account has.</summary>
    public static string KeyOf(string email)
    {
        var text = email.Trim();
        var at = text.LastIndexOf('@');
        return at < 0 ? Fold(text) : $"{Fold(text[..at])}@{Domain(text[(at + 1)..])}";
    }

    // Up and down again: what is one letter in capitals (both small sigmas) is one letter.
    private static string Fold(string text) => NormalForm.Compose(NormalForm.Compose(text).ToUpperInvariant().ToLowerInvariant());

    private static string Domain(string domain)
    {
        var plain = string.Create(domain.Length, domain, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = source[i] switch
                {
                    '。' or '．' or '｡' => '.',
                    >= '！' and <= '～' and var wide => (char)(wide - FullwidthOffset),
                    var other => other,
                };
            }
        });
        return string.Join('.', plain.Split('.').Select(Label));
    }

    private static string Label(string label)
    {
        var lower = Lower(label);
        try
        {
            var own = lower.StartsWith(AsciiLabel, StringComparison.Ordinal) ? Lower(Idn.GetUnicode(lower)) : lower;
            return own.Length == 0 ? own : Idn.GetAscii(own).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            // Not a name that the DNS could have: it is itself.
            return lower;
        }
    }

    private static string Lower(string text) => NormalForm.Compose(NormalForm.Compose(text).ToLowerInvariant());

    // Signs that nobody sees would make two addresses of what reads as one.
    private static bool IsInvisible(char sign) => char.GetUnicodeCategory(sign) is UnicodeCategory.Format or UnicodeCategory.Control;

    [GeneratedRegex(@"^[^@\s]{1,64}@[^@\s.。．｡]+([.。．｡][^@\s.。．｡]+)+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Syntax();
}
