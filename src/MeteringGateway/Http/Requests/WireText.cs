namespace MeteringGateway.Http.Requests;

/// <summary>Which texts may go on into the database: PostgreSQL refuses U+0000, and UTF-8 has no half of a surrogate pair.</summary>
internal static class WireText
{
    /// <summary>Without control characters and without half a surrogate pair.</summary>
    public static bool IsStorable(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                return false;
            }

            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }
}
