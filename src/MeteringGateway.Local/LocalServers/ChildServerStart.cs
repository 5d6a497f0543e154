namespace MeteringGateway.Local.LocalServers;

/// <summary>What <see cref="ChildServer"/> runs and how it is told to stop.</summary>
internal sealed record ChildServerStart(string Name, IReadOnlyList<string> Command)
{
    public string WorkingDirectory { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>Where its output goes; null: to our own standard output.</summary>
    public string? LogFile { get; init; }

    /// <summary>Keeps the process id, so that a later start waits for a predecessor that is still on its way out.</summary>
    public string? PidFile { get; init; }

    public string StopSignal { get; init; } = "TERM";

    /// <summary>After that long the server is killed: enough for Redis to sync its AOF and for PostgreSQL's shutdown checkpoint.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a start waits for the server before it; null: for its grace.</summary>
    public TimeSpan? PredecessorPatience { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
