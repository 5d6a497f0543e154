using System.Globalization;

namespace MeteringGateway.Engine.Scripts;

/// <summary>The fields of a hold, in the format of hold.lua, that C# needs. Pure.</summary>
internal readonly record struct PackedHold(long AccountId, long KeyId, long Amount, long Deadline)
{
    /// <summary>The format's version: holds carry it from the next release on. A hold without it reads the same.</summary>
    private const string Format = "v1|";

    /// <summary>Account, key, amount, day, week, month, deadline.</summary>
    private const int Fields = 7;

    /// <summary>False: the text is no hold, or of a format that only another version of the gateway knows.</summary>
    public static bool TryParse(string packed, out PackedHold hold)
    {
        var text = packed.AsSpan(packed.StartsWith(Format, StringComparison.Ordinal) ? Format.Length : 0);
        Span<Range> parts = stackalloc Range[Fields + 1];
        Span<long> values = stackalloc long[Fields];
        hold = default;
        if (text.Split(parts, '|') != Fields)
        {
            return false;
        }

        for (var i = 0; i < Fields; i++)
        {
            if (!long.TryParse(text[parts[i]], NumberStyles.None, CultureInfo.InvariantCulture, out values[i]))
            {
                return false;
            }
        }

        hold = new PackedHold(values[0], values[1], values[2], values[6]);
        return true;
    }
}
