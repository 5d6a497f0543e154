using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Npgsql;

namespace MeteringGateway.Configuration;

/// <summary>Where the two stores are: section <c>ConnectionStrings</c>. No defaults, because a guessed store would be somebody else's books.</summary>
internal sealed partial class ConnectionStringOptions
{
    public const string Section = "ConnectionStrings";

    /// <summary><c>host:port,host:port,password=…</c>; several endpoints make it a Redis Cluster.</summary>
    [Required]
    public string Redis { get; set; } = "";

    /// <summary>As Npgsql takes it. Of several hosts the one that takes writes is used.</summary>
    [Required]
    public string Postgres { get; set; } = "";

    /// <summary>A string that parses later in a background task would fail there; here it fails at start, with its password hidden.</summary>
    public void Check(ConfigurationErrors errors)
    {
        if (!string.IsNullOrWhiteSpace(Redis) && RedisProblem(Redis) is { } redis)
            errors.Add($"{Section}:{nameof(Redis)}", WithoutPassword(Redis), $"like 127.0.0.1:6379,password=… ({redis})");
        if (!string.IsNullOrWhiteSpace(Postgres) && PostgresProblem(Postgres) is { } postgres)
            errors.Add($"{Section}:{nameof(Postgres)}", WithoutPassword(Postgres), $"like Host=127.0.0.1;Database=metering;Username=… ({postgres})");
    }

    private static string? RedisProblem(string text)
    {
        try
        {
            var options = StackExchange.Redis.ConfigurationOptions.Parse(text, ignoreUnknown: false);
            if (options.EndPoints.Count == 0)
                return "it names no endpoint";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return e.Message.ReplaceLineEndings(" ");
        }
        // The client takes what it can't read as a port for a part of a host's name, and fails when it connects.
        var broken = text.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(part => !part.Contains('=', StringComparison.Ordinal) && !part.StartsWith('$') && !EndPointForm().IsMatch(part));
        if (broken is null)
            return null;
        return broken.StartsWith('[') ? $"'{broken}' is an IPv6 address, which this client can't reach" : $"'{broken}' is no host:port";
    }

    private static string? PostgresProblem(string text)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrWhiteSpace(connection.Host))
                return "it names no host";
            if (connection.Host.Contains(',', StringComparison.Ordinal) && connection.TargetSessionAttributes is not (null or "read-write" or "primary"))
                return $"Target Session Attributes={connection.TargetSessionAttributes} may lead to a standby that is behind: with several hosts read-write, primary or nothing is right";
            return LossyForm().IsMatch(connection.Options ?? "") ? "with synchronous_commit=off a crash of the server would lose what was noted as written" : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException)
        {
            return e.Message.ReplaceLineEndings(" ");
        }
    }

    private static string WithoutPassword(string text) => PasswordForm().Replace(text, "$1=***");

    [GeneratedRegex(@"(password|pwd|passfile)\s*=\s*('[^']*'|""[^""]*""|[^,;]*)", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordForm();

    [GeneratedRegex(@"synchronous[_-]commit\s*=\s*(off|false|no|0)\b", RegexOptions.IgnoreCase)]
    private static partial Regex LossyForm();

    [GeneratedRegex(@"^[A-Za-z0-9._-]+(:\d{1,5})?$")]
    private static partial Regex EndPointForm();
}
