namespace MeteringGateway.Compare;

/// <summary>What the command line asked for.</summary>
internal sealed record CompareOptions
{
    public int Rounds { get; init; } = 5;
    public int Seconds { get; init; } = 6;
    public int Connections { get; init; } = 64;
    public IReadOnlyList<string> Fsync { get; init; } = [];
    public IReadOnlyList<string> Only { get; init; } = [];
    public IReadOnlyList<string> Without { get; init; } = [];
    public int Accounts { get; init; } = 1_000_000;

    /// <summary>How long accounts may take to be loaded before they are measured as warm.</summary>
    public TimeSpan Warming { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>Entries that pile up before they are flushed.</summary>
    public int Backlog { get; init; } = 100_000;

    /// <summary>Streams whose first byte is timed, for each row of the table.</summary>
    public int Streams { get; init; } = 3000;

    /// <summary>Of the one long stream.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Streams that run beside each other.</summary>
    public int AtOnce { get; init; } = 1000;

    /// <summary>As it was typed, for a reader of the tables.</summary>
    public string Command { get; init; } = "";

    /// <summary>The file with the marks between which the tables go; null: they are only printed.</summary>
    public string? Document { get; init; }

    public TimeSpan Duration => TimeSpan.FromSeconds(Seconds);

    public bool Has(string name) => (Only.Count == 0 || Only.Contains(name)) && !Without.Contains(name);
}
