using System.ComponentModel;
using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Npgsql;

namespace MeteringGateway.Configuration;

/// <summary>
/// Which part of a connection string is wrong, by names that are known: what is unknown there may be a piece of a password that a ';'
/// cut in two.
/// </summary>
internal static class ConnectionKeywords
{
    private static readonly string[] s_known =
        [.. typeof(NpgsqlConnectionStringBuilder).GetProperties()
            .Select(property => property.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName).OfType<string>()];

    public static bool IsOfPostgres(string keyword) => new NpgsqlConnectionStringBuilder().TryGetValue(keyword, out _);

    public static string Hint(string name, IEnumerable<string> known) =>
        NearestName.Of(name, known) is { } nearest ? $": did you mean {nearest}?" : "";

    /// <summary>Null: Npgsql takes it.</summary>
    public static string? ProblemOfPostgres(string text)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            return "it is not keyword=value;keyword=value (a value with ';' or '=' stands in quotes), "
                + "nor postgresql://user:password@host:port/database";
        }
        var number = 0;
        foreach (string keyword in parts.Keys)
        {
            number++;
            var one = new NpgsqlConnectionStringBuilder();
            if (!IsOfPostgres(keyword))
                return string.Create(CultureInfo.InvariantCulture, $"its keyword number {number} is unknown{Hint(keyword, s_known)}");
            try
            {
                one[keyword] = parts[keyword];
            }
            catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
            {
                return $"its {keyword} has a value that can't be used";
            }
        }
        return Whole(text);
    }

    /// <summary>What no single part shows.</summary>
    private static string? Whole(string text)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(text);
            return null;
        }
        catch (Exception e)
            when (e is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException)
        {
            return "its parts do not fit together";
        }
    }
}
