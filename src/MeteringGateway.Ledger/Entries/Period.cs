namespace MeteringGateway.Ledger.Entries;

/// <summary>
/// A period of a limit: for ever, or a calendar window in UTC. Lists all periods, and is the only place outside of windows.lua with their
/// arithmetic; both number windows alike, and a test compares them. Immutable.
/// </summary>
internal sealed class Period
{
    /// <summary>The number of periods.</summary>
    public const int Count = 4;

    public const string FixedType = "FIXED";
    public const string RecurringType = "RECURRING";

    /// <summary>The Monday on which the count of weeks begins.</summary>
    private static readonly DateTimeOffset s_firstMonday = new(1969, 12, 29, 0, 0, 0, TimeSpan.Zero);

    /// <summary>For ever: one window without beginning or end.</summary>
    public static readonly Period Fixed = new(FixedType, 'F', 0, _ => 0, _ => null);

    /// <summary>Days since 1970-01-01.</summary>
    public static readonly Period Daily = new("DAILY", 'D', 1, Days, day => DateTimeOffset.UnixEpoch.AddDays(day));

    /// <summary>Weeks from Monday since 1969-12-29.</summary>
    public static readonly Period Weekly = new("WEEKLY", 'W', 2, now => (Days(now) + 3) / 7, week => s_firstMonday.AddDays(7 * week));

    /// <summary>Months since year 0: year × 12 + month − 1.</summary>
    public static readonly Period Monthly = new(
        "MONTHLY", 'M', 3, now => (now.UtcDateTime.Year * 12) + now.UtcDateTime.Month - 1,
        month => new DateTimeOffset((int)(month / 12), (int)(month % 12) + 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>In the order in which their limits are checked.</summary>
    public static readonly IReadOnlyList<Period> All = [Fixed, Daily, Weekly, Monthly];

    private readonly Func<DateTimeOffset, long> _windowOf;
    private readonly Func<long, DateTimeOffset?> _start;

    private Period(string name, char letter, int number, Func<DateTimeOffset, long> windowOf, Func<long, DateTimeOffset?> start) =>
        (Name, Letter, Number, _windowOf, _start) = (name, letter, number, windowOf, start);

    /// <summary>The name in the ledger and in the heads of the scripts.</summary>
    public string Name { get; }

    /// <summary>The suffix of the period's fields in Redis.</summary>
    public char Letter { get; }

    /// <summary>The period's index in script answers and in a key's fields.</summary>
    public int Number { get; }

    /// <summary>The contract's <c>type</c> of a limit.</summary>
    public string Type => Number == 0 ? FixedType : RecurringType;

    /// <summary>The contract's <c>period</c> of a limit; null for FIXED.</summary>
    public string? Recurring => Number == 0 ? null : Name;

    /// <summary>The period of that name in the ledger; null if there is none.</summary>
    public static Period? Named(string? name)
    {
        foreach (var period in All)
        {
            if (period.Name == name)
            {
                return period;
            }
        }

        return null;
    }

    /// <summary>The window of an instant, which must not be before 1970.</summary>
    public long WindowOf(DateTimeOffset now) => _windowOf(now);

    /// <summary>The first instant after a window; null for FIXED.</summary>
    public DateTimeOffset? End(long window) => _start(window + 1);

    /// <summary>The first instant after the window of <paramref name="now"/>; null for FIXED.</summary>
    public DateTimeOffset? End(DateTimeOffset now) => End(WindowOf(now));

    /// <summary>The length of the window that ends at that instant; null for FIXED.</summary>
    public TimeSpan? Length(DateTimeOffset end) => end - _start(WindowOf(end) - 1);

    public override string ToString() => Name;

    private static long Days(DateTimeOffset now) => now.ToUnixTimeSeconds() / 86_400;
}
