using System.Buffers;
using System.Security.Cryptography;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Payments;

/// <summary>
/// What this database is called at payment providers: <c>mg_</c> and 16 hexadecimal digits, made once. Order numbers begin anew in every
/// database, so <c>order:1</c> alone would be one payment to two gateways that share a provider's account, and to a database that was made
/// anew. Any number of callers at once.
/// </summary>
internal sealed class Installation(NpgsqlDataSource database)
{
    private const string Setting = "payment_installation";
    private const string Prefix = "mg_";
    private const int Digits = 16;

    private static readonly SearchValues<char> s_hexadecimal = SearchValues.Create("0123456789abcdef");

    private volatile string? _name;

    /// <exception cref="Npgsql.NpgsqlException">PostgreSQL is away, and the name was not read before.</exception>
    public async ValueTask<string> NameAsync(CancellationToken cancellationToken) => _name ??= await KeptSetting.KeepAsync(
        database, Setting, Prefix + RandomNumberGenerator.GetHexString(Digits, lowercase: true), cancellationToken);

    /// <summary>As a provider is told of it: <c>mg_0123456789abcdef:order:42</c>.</summary>
    public static string Outside(string name, string reference) => $"{name}:{reference}";

    /// <summary>Our own reference again; null: it is another installation's, or nobody's.</summary>
    public static string? Own(string name, string outside) =>
        outside.StartsWith(name, StringComparison.Ordinal) && outside.Length > name.Length + 1 && outside[name.Length] == ':'
            ? outside[(name.Length + 1)..]
            : null;

    /// <summary>Whether some installation of this product could have written it.</summary>
    public static bool IsOutside(string text) =>
        text.Length > Prefix.Length + Digits + 1 && text.StartsWith(Prefix, StringComparison.Ordinal) && text[Prefix.Length + Digits] == ':'
        && !text.AsSpan(Prefix.Length, Digits).ContainsAnyExcept(s_hexadecimal);
}
