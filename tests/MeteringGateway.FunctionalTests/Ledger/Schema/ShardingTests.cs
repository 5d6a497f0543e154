using System.Text.RegularExpressions;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Ledger.Schema;

/// <summary>
/// What <c>docs/operations.md</c> says of a PostgreSQL that is sharded by account: the statements and unique keys that it names are exactly
/// those that do not fit, so that a statement that is added or changed can't make it wrong.
/// </summary>
public sealed partial class ShardingTests : IAsyncLifetime
{
    private static readonly string s_root = RepositoryRoot();
    private Stores _stores = null!;

    public async Task InitializeAsync() => _stores = await Stores.StartAsync();
    public async Task DisposeAsync() => await _stores.DisposeAsync();

    [Fact]
    public async Task Statements_AndUniqueKeysThatDoNotFit_AreThoseOfTheDocument()
    {
        await using var database = NpgsqlDataSource.Create(_stores.PostgresConnection + ";Pooling=false");
        foreach (var migration in Directory.EnumerateDirectories(
            Path.Combine(s_root, "src/MeteringGateway.Ledger/Schema/Migrations")).Order(StringComparer.Ordinal))
        {
            await using var up = database.CreateCommand(await File.ReadAllTextAsync(Path.Combine(migration, "up.sql")));
            await up.ExecuteNonQueryAsync();
        }

        await using var connection = await database.OpenConnectionAsync();
        var sharded = new ShardedStatements(connection);
        var lost = await sharded.ShardAsync();
        var beyond = new List<string>();
        var statements = Statements().ToList();
        foreach (var (name, text) in statements)
        {
            if (!await sharded.StaysInOneShardAsync(text))
            {
                beyond.Add(name);
            }
        }

        var section = Section();
        Assert.True(statements.Count > 150, "The statements were not found.");
        Assert.Equal(
            lost.Order(StringComparer.Ordinal),
            Key().Matches(section).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.Equal(
            beyond.Order(StringComparer.Ordinal),
            Named().Matches(section).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    /// <summary>By the room and the name, <c>Reading/find-call</c>; migrations and what keeps their list are not for calls.</summary>
    private static IEnumerable<(string Name, string Text)> Statements() =>
        from path in Directory.EnumerateFiles(Path.Combine(s_root, "src"), "*.sql", SearchOption.AllDirectories)
        where !Left().IsMatch(path)
        let folder = Path.GetFileName(Path.GetDirectoryName(path))
        select ($"{folder}/{Path.GetFileNameWithoutExtension(path)}", File.ReadAllText(path));

    private static string Section()
    {
        var text = File.ReadAllText(Path.Combine(s_root, "docs/operations.md"));
        var from = text.IndexOf("## A PostgreSQL sharded by account", StringComparison.Ordinal);
        var end = text.IndexOf("\n## ", from + 1, StringComparison.Ordinal);
        return end < 0 ? text[from..] : text[from..end];
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MeteringGateway.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex("/(bin|obj|Schema)/")]
    private static partial Regex Left();

    [GeneratedRegex("`([A-Z][A-Za-z]+/[a-z-]+)`")]
    private static partial Regex Named();

    [GeneratedRegex(@"`([a-z_]+ \([^`]+)`")]
    private static partial Regex Key();
}
