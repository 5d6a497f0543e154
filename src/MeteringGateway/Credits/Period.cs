namespace MeteringGateway.Credits;

/// <summary>A stretch of time for which a limit counts: for ever, or a calendar window in UTC. The one list of those that there are.</summary>
/// <param name="Name">What the books and the scripts' heads call it.</param>
/// <param name="Letter">What ends the names of its fields in Redis.</param>
/// <param name="Number">Its place wherever the periods stand in a row: answers of scripts, fields of a key, limits of a refusal.</param>
internal sealed record Period(string Name, char Letter, int Number)
{
    /// <summary>How many there are.</summary>
    public const int Count = 4;

    public static readonly Period Fixed = new("FIXED", 'F', 0);
    public static readonly Period Daily = new("DAILY", 'D', 1);
    public static readonly Period Weekly = new("WEEKLY", 'W', 2);
    public static readonly Period Monthly = new("MONTHLY", 'M', 3);

    /// <summary>In the order in which their limits are decided.</summary>
    public static readonly IReadOnlyList<Period> All = [Fixed, Daily, Weekly, Monthly];

    /// <summary>The contract's <c>type</c> of a limit.</summary>
    public string Type => Number == 0 ? Name : "RECURRING";

    /// <summary>The contract's <c>period</c> of a limit; null for FIXED.</summary>
    public string? Recurring => Number == 0 ? null : Name;
}
