using System.Text.RegularExpressions;

namespace MeteringGateway.Tests.Repository;

/// <summary>A reader who pastes from a document is not sent to what was moved or renamed.</summary>
public sealed partial class DocumentsTests
{
    private static (string Path, string Text)[] Documents { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(TidyTests.Root, "docs"), "*.md")
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

    [GeneratedRegex(@"(?<![\w./-])(?:src|tests|docs|config|loadtests|\.ci)/[\w./-]*\w", RegexOptions.CultureInvariant)]
    private static partial Regex Paths();

    [GeneratedRegex(@"FullyQualifiedName[~=](\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Filters();
}
