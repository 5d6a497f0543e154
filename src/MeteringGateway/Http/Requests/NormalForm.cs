using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace MeteringGateway.Http.Requests;

/// <summary>
/// Unicode's normalization form C: one spelling for texts that read the same, composed and decomposed. The framework's own needs the ICU
/// library, without which it leaves a text as it is and says nothing; the gateway runs where there is none. A character that Unicode gets
/// after the table was made stays as it is, and forms of what is in it never change. Any number of callers at once.
/// </summary>
internal static class NormalForm
{
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;
    private static readonly Lazy<Tables> Table = new(Tables.Read);

    public static string Compose(string text)
    {
        // All of Latin 1 is composed already, and nothing in it combines.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', 'ÿ'))
        {
            return text;
        }

        var table = Table.Value;
        var points = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(table, rune.Value, points);
        }

        Order(table, points);
        var length = Join(table, points);
        var composed = new StringBuilder(text.Length);
        for (var i = 0; i < length; i++)
        {
            composed.Append(new Rune(points[i]).ToString());
        }

        return composed.ToString();
    }

    private static void Decompose(Tables table, int point, List<int> into)
    {
        if (point is >= HangulBase and < HangulBase + (Leads * Vowels * Trails))
        {
            var index = point - HangulBase;
            into.Add(LeadBase + (index / (Vowels * Trails)));
            into.Add(VowelBase + (index % (Vowels * Trails) / Trails));
            if (index % Trails > 0)
            {
                into.Add(TrailBase + (index % Trails));
            }
        }
        else if (table.Parts.TryGetValue(point, out var parts))
        {
            Decompose(table, parts.First, into);
            if (parts.Second > 0)
            {
                Decompose(table, parts.Second, into);
            }
        }
        else
        {
            into.Add(point);
        }
    }

    // Marks behind one letter come in the order of their classes, those of one class stay as they were.
    private static void Order(Tables table, List<int> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var mark = table.Class(points[i]);
            for (var j = i; mark > 0 && j > 0 && table.Class(points[j - 1]) > mark; j--)
            {
                (points[j - 1], points[j]) = (points[j], points[j - 1]);
            }
        }
    }

    /// <summary>Puts each letter together with the marks behind it that nothing blocks; how many points are left at the front.</summary>
    private static int Join(Tables table, List<int> points)
    {
        var (starter, length, before) = (-1, 0, -1);
        foreach (var point in points.ToArray())
        {
            var mark = table.Class(point);
            if (starter >= 0 && before < mark && Pair(table, points[starter], point) is { } joined)
            {
                points[starter] = joined;
                continue;
            }

            // Right behind the letter nothing is between, whatever the class.
            (starter, before) = mark == 0 ? (length, -1) : (starter, mark);
            points[length++] = point;
        }

        return length;
    }

    private static int? Pair(Tables table, int first, int second)
    {
        var (lead, vowel, trail) = (first - LeadBase, second - VowelBase, second - TrailBase);
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
        {
            return HangulBase + (((lead * Vowels) + vowel) * Trails);
        }

        var syllable = first - HangulBase;
        if (syllable is >= 0 and < Leads * Vowels * Trails && syllable % Trails == 0 && trail is > 0 and < Trails)
        {
            return first + trail;
        }

        return table.Pairs.TryGetValue((first, second), out var joined) ? joined : null;
    }

    private sealed record Tables(
        FrozenDictionary<int, (int First, int Second)> Parts, FrozenDictionary<(int, int), int> Pairs, FrozenDictionary<int, int> Classes)
    {
        public int Class(int point) => point < 0x300 ? 0 : Classes.GetValueOrDefault(point);

        public static Tables Read()
        {
            using var stream = typeof(NormalForm).Assembly.GetManifestResourceStream("Http/Requests/normal-form.txt")
                ?? throw new InvalidOperationException("The table of normal forms is missing in this build.");
            using var reader = new StreamReader(stream);
            var (parts, pairs, classes) = (
                new Dictionary<int, (int, int)>(), new Dictionary<(int, int), int>(), new Dictionary<int, int>());
            while (reader.ReadLine() is { } line)
            {
                var fields = line.Split('=', ':', ' ');
                if (line.StartsWith('#'))
                {
                    continue;
                }

                if (line.Contains(':', StringComparison.Ordinal))
                {
                    var range = fields[0].Split("..");
                    for (var point = Hex(range[0]); point <= Hex(range[^1]); point++)
                    {
                        classes[point] = int.Parse(fields[1], CultureInfo.InvariantCulture);
                    }

                    continue;
                }

                var whole = Hex(fields[0].TrimStart('-'));
                var both = (Hex(fields[1]), fields.Length > 2 ? Hex(fields[2]) : 0);
                parts[whole] = both;
                if (!line.StartsWith('-'))
                {
                    pairs[both] = whole;
                }
            }

            return new Tables(parts.ToFrozenDictionary(), pairs.ToFrozenDictionary(), classes.ToFrozenDictionary());
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
