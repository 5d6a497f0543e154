using System.Globalization;
using Npgsql;

namespace MeteringGateway.Configuration;

/// <summary>
/// <c>postgresql://user:password@host:port/database?sslmode=require</c>, as libpq and its tools take it. Npgsql knows only
/// <c>Host=…;Database=…</c>, and says of anything else that its keyword is not supported: with the password in the message.
/// </summary>
internal static class PostgresUrl
{
    private static readonly string[] s_schemes = ["postgresql://", "postgres://"];

    /// <summary>libpq's names of what Npgsql calls otherwise.</summary>
    private static readonly Dictionary<string, string> s_parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["sslmode"] = "SSL Mode",
        ["sslnegotiation"] = "SSL Negotiation",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["channel_binding"] = "Channel Binding",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["client_encoding"] = "Client Encoding",
        ["target_session_attrs"] = "Target Session Attributes",
        ["krbsrvname"] = "Kerberos Service Name",
        ["keepalives_idle"] = "Tcp Keepalive Time",
        ["keepalives_interval"] = "Tcp Keepalive Interval",
    };

    public static bool Is(string text) => s_schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Answers the same in Npgsql's form, or a problem that tells nothing of the value.</summary>
    public static (string? Connection, string? Problem) Read(string text)
    {
        var (url, problem) = StoreUrl.Split(text, 5432);
        if (url is null)
            return (null, problem);
        var connection = new NpgsqlConnectionStringBuilder();
        if (url.Hosts.Count == 1)
            (connection.Host, connection.Port) = (url.Hosts[0].Name, url.Hosts[0].Port);
        else
            connection.Host = string.Join(',', url.Hosts.Select(host => host.Text));
        if (url.User is not null)
            connection.Username = url.User;
        if (url.Password is not null)
            connection.Password = url.Password;
        if (url.Path.Length > 0)
            connection.Database = url.Path;
        foreach (var (name, value) in url.Parameters)
        {
            if (Set(connection, name, value) is { } wrong)
                return (null, wrong);
        }
        return (connection.ConnectionString, null);
    }

    private static string? Set(NpgsqlConnectionStringBuilder connection, string name, string value)
    {
        var keyword = s_parameters.GetValueOrDefault(name, name);
        if (!ConnectionKeywords.IsOfPostgres(keyword))
            return $"it has a parameter after '?' that is unknown{ConnectionKeywords.Hint(name, s_parameters.Keys)}";
        try
        {
            // libpq has verify-ca where Npgsql has VerifyCA.
            connection[keyword] = keyword == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"its parameter "
                + $"{s_parameters.Keys.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? keyword} has a "
                + $"value that can't be used");
        }
    }
}
