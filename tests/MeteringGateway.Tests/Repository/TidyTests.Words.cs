using System.Text.RegularExpressions;

namespace MeteringGateway.Tests.Repository;

/// <summary>
/// One word per idea: a reader who knows the field finds a mechanism by searching for its name (the glossary of <c>docs/design.md</c>).
/// What the contract names (tables, Redis keys, metrics, fields, texts of answers) is no comment, so it is not looked at; neither are
/// migrations.
/// </summary>
public sealed partial class TidyTests
{
    private static readonly (Regex Word, string Say)[] s_words =
    [
        (Not(@"\b(?:the|a) stores?\b(?!d)(?! of)"), "Redis or PostgreSQL, whichever is meant"),
        (Not(@"\breservation ids?\b"), "hold id for the key in {pN}:holds, request id for the entry"),
        (Not(@"\bmarkers?\b"), "idempotency key or tombstone"),
        (Not(@"\bbooks\b(?! it\b)"), "ledger for entries, database or PostgreSQL for the server"),
        (Not(@"\b(?:whoever|whomever)\b"), "the caller, person, gateway or transaction that is meant"),
        (Not(@"\blow-balance mark\b"), "low-balance threshold"),
        (Not(@"\bunsettled (?:call|commit)s?\b"), "disputed commit"),
    ];

    [Fact]
    public void Comments_UseTheWordsOfTheGlossary() =>
        Assert.Empty(
            from source in Sources.Concat(Scripts)
            from line in source.Lines
            let comment = Comment(source.Path).Match(line).Groups[1].Value
            from rule in s_words
            let found = rule.Word.Match(comment)
            where found.Success
            select $"{source.Path}: \"{found.Value}\" is to be {rule.Say}: {line.Trim()}");

    [Fact]
    public void DataSource_IsCalledDatabase() =>
        Assert.Empty(from source in Sources
                     from line in source.Lines
                     where DataSourceName().IsMatch(line)
                     select $"{source.Path}: a data source is called database: {line.Trim()}");

    private static Regex Not(string word) => new(word, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static Regex Comment(string path) => path.EndsWith(".cs", StringComparison.Ordinal) ? SharpComment() : ScriptComment();

    [GeneratedRegex(@"(?:^|\s)///? (.*)$")]
    private static partial Regex SharpComment();

    [GeneratedRegex("(?:^|\\s)-- (.*)$")]
    private static partial Regex ScriptComment();

    [GeneratedRegex(@"\bNpgsqlDataSource (?:books|store|db)\b|\b(?:books|store|db) = NpgsqlDataSource\.")]
    private static partial Regex DataSourceName();
}
