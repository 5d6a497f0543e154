using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Accounts.Keys;

/// <summary>One limit in the words of the contract.</summary>
internal sealed record KeyLimit(string Type, string? Period, long Limit);

/// <summary>All limits of a key, whole credits; null where there is none. Each must pass.</summary>
internal readonly record struct KeyLimits(long? Fixed, long? Daily, long? Weekly, long? Monthly)
{
    public const string FixedType = Period.FixedType;
    public const string RecurringType = Period.RecurringType;
    public static readonly string[] Types = [FixedType, RecurringType];
    public static readonly string[] Periods = [.. Period.All.Where(period => period != Period.Fixed).Select(period => period.Name)];

    /// <summary>Those that are set, FIXED first, then by length of the window.</summary>
    public IReadOnlyList<KeyLimit> Set
    {
        get
        {
            var set = new List<KeyLimit>(Period.Count);
            foreach (var period in Period.All)
            {
                if (this[period] is { } limit)
                {
                    set.Add(new KeyLimit(period.Type, period.Recurring, limit));
                }
            }

            return set;
        }
    }

    public long? this[Period period] => period.Number switch
    {
        0 => Fixed,
        1 => Daily,
        2 => Weekly,
        3 => Monthly,
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "Not a period."),
    };

    /// <summary>Null where two of them are for the same window.</summary>
    public static KeyLimits? Of(IEnumerable<KeyLimit> limits)
    {
        var all = new KeyLimits();
        foreach (var limit in limits)
        {
            var period = Of(limit.Period);
            if (all[period] is not null)
            {
                return null;
            }

            all = all.With(period, limit.Limit);
        }

        return all;
    }

    public long? For(string? period) => this[Of(period)];

    private static Period Of(string? period) =>
        period is null ? Period.Fixed
        : Period.Named(period) is { Recurring: not null } recurring ? recurring
        : throw new ArgumentOutOfRangeException(nameof(period), period, "Not a period.");

    private KeyLimits With(Period period, long limit) => period.Number switch
    {
        0 => this with { Fixed = limit },
        1 => this with { Daily = limit },
        2 => this with { Weekly = limit },
        3 => this with { Monthly = limit },
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "Not a period."),
    };
}
