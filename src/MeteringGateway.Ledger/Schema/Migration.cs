using System.Security.Cryptography;
using System.Text;
using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Ledger.Schema;

/// <summary>
/// One step of the schema: what it does (<c>up.sql</c>) and, where it moves data, what must hold afterwards (<c>after.sql</c>).
/// </summary>
internal sealed record Migration(string Name, string Up, string? After)
{
    private const string Folder = "Schema/Migrations";

    /// <summary>Line ends are normalized: a checkout may change them without an edit.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{Up}\0{After}".ReplaceLineEndings("\n"))));

    /// <summary>All migrations of this build, in the order of their numbers.</summary>
    public static IReadOnlyList<Migration> Embedded() =>
        [.. SqlFile.PathsBelow(Folder, typeof(Migration).Assembly)
            .Select(path => path.Split('/')[2])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(name => new Migration(
                name,
                SqlFile.Read($"{Folder}/{name}/up.sql", typeof(Migration).Assembly),
                SqlFile.Find($"{Folder}/{name}/after.sql", typeof(Migration).Assembly)))];
}
