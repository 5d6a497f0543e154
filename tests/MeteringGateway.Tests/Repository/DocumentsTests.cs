using System.Text.RegularExpressions;

namespace MeteringGateway.Tests.Repository;

/// <summary>A reader who pastes from a document is not sent to what was moved or renamed.</summary>
public sealed partial class DocumentsTests
{
    private static (string Path, string Text)[] Documents { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(TidyTests.Root, "docs"), "*.md")
            .Append(Path.Combine(TidyTests.Root, "README.md"))
            .Select(path => (Path.GetRelativePath(TidyTests.Root, path), File.ReadAllText(path))),
    ];

    [Fact]
    public void Paths_ThatDocumentsName_AreThere() =>
        Assert.Empty(
            from document in Documents
            from named in Paths().Matches(document.Text)
            where !Path.Exists(Path.Combine(TidyTests.Root, named.Value))
            select $"{document.Path}: {named.Value}");

    [Fact]
    public void Tests_ThatDocumentsFilterBy_AreThere()
    {
        var code = string.Join('\n', Directory
            .EnumerateFiles(Path.Combine(TidyTests.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        Assert.Empty(
            from document in Documents
            from named in Filters().Matches(document.Text)
            where !Regex.IsMatch(code, @"\b" + named.Groups[1].Value, RegexOptions.CultureInvariant)
            select $"{document.Path}: {named.Value}");
    }

    /// <summary>The glossary and the states are of use only while a search for the type that they name finds it.</summary>
    [Fact]
    public void Types_ThatTheDesignNames_AreThere()
    {
        var code = string.Join('\n', new[] { "src", "tests" }
            .SelectMany(top => Directory.EnumerateFiles(Path.Combine(TidyTests.Root, top), "*.*", SearchOption.AllDirectories))
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".lua", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path) + "\n" + File.ReadAllText(path)));
        Assert.Empty(
            from named in Types().Matches(Documents.Single(document => document.Path.EndsWith("design.md", StringComparison.Ordinal)).Text)
            where !Regex.IsMatch(code, $@"\b{Regex.Escape(named.Groups[1].Value)}\b", RegexOptions.CultureInvariant)
            select named.Value);
    }

    [GeneratedRegex(@"(?<![\w./-])(?:src|tests|docs|config|loadtests|\.ci)/[\w./-]*\w", RegexOptions.CultureInvariant)]
    private static partial Regex Paths();

    [GeneratedRegex(@"FullyQualifiedName[~=](\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Filters();

    /// <summary>A type, or the last part of a path to one, and a script.</summary>
    [GeneratedRegex(@"`(?:\w+/)*([A-Z][a-z]+[A-Z]\w+|\w+(?:-\w+)*\.lua)`", RegexOptions.CultureInvariant)]
    private static partial Regex Types();
}
