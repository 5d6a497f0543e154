using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MeteringGateway.Calls.Pricing;

/// <summary>
/// The fields of a request that price or route it, which every reader of the text must find to be the same. JSON leaves open what
/// a name that is given twice means, and readers differ in what is the same name: some do not look at case (Go, .NET's web defaults,
/// many databases), some stop at U+0000 or drop what is no text. A provider must not do a hundred of what was paid for as one.
/// </summary>
internal static class FieldNames
{
    /// <summary>
    /// What is wrong with the name that the reader is at, where another reader takes it for the field, or it is given twice; else null.
    /// </summary>
    /// <param name="reader">At a property's name.</param>
    /// <param name="field">The field that counts here.</param>
    /// <param name="seen">Whether it has been there before; set where it is there now.</param>
    /// <param name="isField">Whether this is the field itself.</param>
    public static string? Check(ref Utf8JsonReader reader, string field, ref bool seen, out bool isField)
    {
        isField = JsonFields.TextEquals(ref reader, field);
        if (isField)
        {
            var again = seen;
            seen = true;
            return again ? "is given twice: must be given once" : null;
        }

        return IsLike(ref reader, field)
            ? $"is given under another spelling, which some readers take for the same name: must be given once, as '{field}'"
            : null;
    }

    private static bool IsLike(ref Utf8JsonReader reader, string field)
    {
        var name = reader.ValueSpan;
        if (!reader.ValueIsEscaped && Ascii.IsValid(name))
        {
            // All but a few names end here, without a copy.
            return name.Length == field.Length && Ascii.EqualsIgnoreCase(name, field);
        }

        var text = Encoding.UTF8.GetString(name);
        return Folded(reader.ValueIsEscaped ? Unescaped(text) : text, cutAtNul: false).Equals(
            Folded(field, cutAtNul: false), StringComparison.OrdinalIgnoreCase)
            || Folded(reader.ValueIsEscaped ? Unescaped(text) : text, cutAtNul: true).Equals(
                Folded(field, cutAtNul: false), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// As a lenient reader sees it: without control characters and halves of surrogate pairs, and with the two signs outside ASCII that
    /// fold to a letter of it.
    /// </summary>
    private static string Folded(string name, bool cutAtNul)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var sign in name)
        {
            if (sign == '\0' && cutAtNul)
            {
                break;
            }

            if (!char.IsControl(sign) && !char.IsSurrogate(sign) && sign != '\uFFFD')
            {
                folded.Append(sign switch
                {
                    '\u017F' => 's',
                    '\u212A' => 'k',
                    _ => sign,
                });
            }
        }

        return folded.ToString();
    }

    /// <summary>
    /// The reader's own way refuses half of a surrogate pair, which JSON's grammar lets pass; the grammar has been checked.
    /// </summary>
    private static string Unescaped(string name)
    {
        var text = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != '\\')
            {
                text.Append(name[i]);
                continue;
            }

            var kind = name[++i];
            if (kind == 'u')
            {
                text.Append((char)int.Parse(name.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                // Of the short escapes only the quotation mark and the slashes are no control characters, which fall away.
                text.Append(kind is '"' or '/' or '\\' ? kind : '\u0001');
            }
        }

        return text.ToString();
    }
}
