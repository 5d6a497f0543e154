namespace MeteringGateway.Keys;

/// <summary>One limit in the words of the contract.</summary>
internal sealed record KeyLimit(string Type, string? Period, long Limit);

/// <summary>All limits of a key, whole credits; null where there is none. Each must pass.</summary>
internal readonly record struct KeyLimits(long? Fixed, long? Daily, long? Weekly, long? Monthly)
{
    public const string FixedType = "FIXED";
    public const string RecurringType = "RECURRING";
    public static readonly string[] Types = [FixedType, RecurringType];
    public static readonly string[] Periods = ["DAILY", "WEEKLY", "MONTHLY"];

    /// <summary>Those that are set, FIXED first, then by length of the window.</summary>
    public IReadOnlyList<KeyLimit> Set
    {
        get
        {
            var set = new List<KeyLimit>(4);
            Add(set, null, Fixed);
            Add(set, Periods[0], Daily);
            Add(set, Periods[1], Weekly);
            Add(set, Periods[2], Monthly);
            return set;
        }
    }

    /// <summary>Null where two of them are for the same window.</summary>
    public static KeyLimits? Of(IEnumerable<KeyLimit> limits)
    {
        var all = new KeyLimits();
        foreach (var limit in limits)
        {
            if (all.For(limit.Period) is not null)
            {
                return null;
            }

            all = all.With(limit.Period, limit.Limit);
        }

        return all;
    }

    public long? For(string? period) => period switch
    {
        null => Fixed,
        "DAILY" => Daily,
        "WEEKLY" => Weekly,
        "MONTHLY" => Monthly,
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "Not a period."),
    };

    private KeyLimits With(string? period, long limit) => period switch
    {
        null => this with { Fixed = limit },
        "DAILY" => this with { Daily = limit },
        "WEEKLY" => this with { Weekly = limit },
        "MONTHLY" => this with { Monthly = limit },
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "Not a period."),
    };

    private static void Add(List<KeyLimit> set, string? period, long? limit)
    {
        if (limit is { } value)
        {
            set.Add(new KeyLimit(period is null ? FixedType : RecurringType, period, value));
        }
    }
}
