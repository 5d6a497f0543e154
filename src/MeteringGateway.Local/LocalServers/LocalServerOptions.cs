namespace MeteringGateway.Local.LocalServers;

internal sealed record RedisServerOptions
{
    /// <summary>Null: a free one.</summary>
    public int? Port { get; init; }

    public string? Password { get; init; }

    /// <summary>always, everysec or no. A charge that was answered must survive a crash, hence the default.</summary>
    public string AppendFsync { get; init; } = "always";

    /// <summary>More of redis-server's own arguments, such as --enable-debug-command local.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}

internal sealed record PostgresServerOptions
{
    /// <summary>Null: a free one.</summary>
    public int? Port { get; init; }

    /// <summary>
    /// Of the user postgres; null: any client that reaches the port gets in, for tests only. Counts when the data is made.
    /// </summary>
    public string? Password { get; init; }

    /// <summary>Off for tests: a killed process loses nothing without fsync, only a killed machine does.</summary>
    public bool Fsync { get; init; } = true;

    /// <summary>Made if it isn't there.</summary>
    public string Database { get; init; } = "metering";

    public int MaxConnections { get; init; } = 100;
}
