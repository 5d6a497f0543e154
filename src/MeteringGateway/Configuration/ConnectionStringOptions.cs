using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Npgsql;

namespace MeteringGateway.Configuration;

/// <summary>
/// Where Redis and PostgreSQL are: section <c>ConnectionStrings</c>. No defaults, because a guessed one would be somebody else's ledger.
/// </summary>
internal sealed partial class ConnectionStringOptions
{
    public const string Section = "ConnectionStrings";

    /// <summary>
    /// <c>host:port,host:port,password=…</c>, or <c>redis://:password@host:port</c>; several endpoints make it a Redis Cluster.
    /// </summary>
    [Required]
    public string Redis { get; set; } = "";

    /// <summary>
    /// As Npgsql takes it, or <c>postgresql://user:password@host:port/database</c>. Of several hosts the one that takes writes is used.
    /// </summary>
    [Required]
    public string Postgres { get; set; } = "";

    /// <summary>
    /// A string that parses later in a background task would fail there; here it fails at start. Neither is ever shown:
    /// a misspelt keyword's value may be the password.
    /// </summary>
    public void Check(ConfigurationErrors errors)
    {
        if (!string.IsNullOrWhiteSpace(Redis) && RedisAddress.Problem(Redis) is { } redis)
            errors.AddWithoutValue(
                $"{Section}:{nameof(Redis)}",
                $"can't be used, value not shown ({redis}): must be like 127.0.0.1:6379,password=… or redis://:…@127.0.0.1:6379");
        if (!string.IsNullOrWhiteSpace(Postgres) && PostgresProblem() is { } postgres)
            errors.AddWithoutValue($"{Section}:{nameof(Postgres)}", $"can't be used, value not shown ({postgres}): "
                + "must be like Host=127.0.0.1;Database=metering;Username=… or postgresql://…:…@127.0.0.1:5432/metering");
    }

    private string? PostgresProblem()
    {
        if (PostgresUrl.Is(Postgres))
        {
            var (connection, problem) = PostgresUrl.Read(Postgres);
            if (connection is null)
                return problem;
            Postgres = connection;
        }
        return ConnectionKeywords.ProblemOfPostgres(Postgres) ?? ProblemOf(new NpgsqlConnectionStringBuilder(Postgres));
    }

    private static string? ProblemOf(NpgsqlConnectionStringBuilder connection)
    {
        if (string.IsNullOrWhiteSpace(connection.Host))
            return "it names no host";
        if (connection.Host.Contains(',', StringComparison.Ordinal)
            && connection.TargetSessionAttributes is not (null or "read-write" or "primary"))
            return "its Target Session Attributes may lead to a standby that is behind: with several hosts read-write, "
                + "primary or nothing is right";
        return LossyForm().IsMatch(connection.Options ?? "")
            ? "with synchronous_commit=off a crash of the server would lose what was noted as written"
            : null;
    }

    [GeneratedRegex(@"synchronous[_-]commit\s*=\s*(off|false|no|0)\b", RegexOptions.IgnoreCase)]
    private static partial Regex LossyForm();
}
