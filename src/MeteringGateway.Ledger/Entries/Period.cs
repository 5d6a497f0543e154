namespace MeteringGateway.Ledger.Entries;

/// <summary>
/// A stretch of time for which a limit counts: for ever, or a calendar window in UTC. The one list of those that there are, and the one
/// place outside of windows.lua that knows their arithmetic: windows are numbered here as there, and a test compares the two.
/// </summary>
internal sealed class Period
{
    /// <summary>How many there are.</summary>
    public const int Count = 4;

    public const string FixedType = "FIXED";
    public const string RecurringType = "RECURRING";

    /// <summary>The Monday on which the count of weeks begins.</summary>
    private static readonly DateTimeOffset s_firstMonday = new(1969, 12, 29, 0, 0, 0, TimeSpan.Zero);

    /// <summary>For ever: one window, which has neither beginning nor end.</summary>
    public static readonly Period Fixed = new(FixedType, 'F', 0, _ => 0, _ => null);

    /// <summary>Days since 1970-01-01.</summary>
    public static readonly Period Daily = new("DAILY", 'D', 1, Days, day => DateTimeOffset.UnixEpoch.AddDays(day));

    /// <summary>Weeks from Monday since 1969-12-29.</summary>
    public static readonly Period Weekly = new("WEEKLY", 'W', 2, now => (Days(now) + 3) / 7, week => s_firstMonday.AddDays(7 * week));

    /// <summary>Months since year 0: year × 12 + month − 1.</summary>
    public static readonly Period Monthly = new(
        "MONTHLY", 'M', 3, now => (now.UtcDateTime.Year * 12) + now.UtcDateTime.Month - 1,
        month => new DateTimeOffset((int)(month / 12), (int)(month % 12) + 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>In the order in which their limits are decided.</summary>
    public static readonly IReadOnlyList<Period> All = [Fixed, Daily, Weekly, Monthly];

    private readonly Func<DateTimeOffset, long> _windowOf;
    private readonly Func<long, DateTimeOffset?> _start;

    private Period(string name, char letter, int number, Func<DateTimeOffset, long> windowOf, Func<long, DateTimeOffset?> start) =>
        (Name, Letter, Number, _windowOf, _start) = (name, letter, number, windowOf, start);

    /// <summary>What the books and the heads of the scripts call it.</summary>
    public string Name { get; }

    /// <summary>What ends the names of its fields in Redis.</summary>
    public char Letter { get; }

    /// <summary>Its place wherever the periods stand in a row: answers of scripts, fields of a key.</summary>
    public int Number { get; }

    /// <summary>The contract's <c>type</c> of a limit.</summary>
    public string Type => Number == 0 ? FixedType : RecurringType;

    /// <summary>The contract's <c>period</c> of a limit; null for FIXED.</summary>
    public string? Recurring => Number == 0 ? null : Name;

    /// <summary>By its name in the books; null: there is none.</summary>
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

    /// <summary>The window that an instant, not before 1970, is in.</summary>
    public long WindowOf(DateTimeOffset now) => _windowOf(now);

    /// <summary>The first instant after a window; null where there is none.</summary>
    public DateTimeOffset? End(long window) => _start(window + 1);

    /// <summary>The first instant after the window of now; null where there is none.</summary>
    public DateTimeOffset? End(DateTimeOffset now) => End(WindowOf(now));

    /// <summary>How long the window is that ends then; null for FIXED.</summary>
    public TimeSpan? Length(DateTimeOffset end) => end - _start(WindowOf(end) - 1);

    public override string ToString() => Name;

    private static long Days(DateTimeOffset now) => now.ToUnixTimeSeconds() / 86_400;
}
