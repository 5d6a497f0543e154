using System.Text.RegularExpressions;

namespace MeteringGateway.Tests.Repository;

/// <summary>The rules of the house that a program can check: a rule nobody runs is a wish.</summary>
public sealed partial class TidyTests
{
    internal static readonly string Root = FindRoot();

    private static List<(string Path, string[] Lines)> Sources { get; } = [.. new[] { "src", "tests", "loadtests" }
        .Select(folder => Path.Combine(Root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
        .Select(path => (Path.GetRelativePath(Root, path), File.ReadAllLines(path)))];

    private static List<(string Path, string[] Lines)> Scripts { get; } = [.. new[] { "*.lua", "*.sql" }
        .SelectMany(kind => Directory.EnumerateFiles(Path.Combine(Root, "src"), kind, SearchOption.AllDirectories))
        .Where(path => !path.Contains("/Migrations/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
        .Select(path => (Path.GetRelativePath(Root, path), File.ReadAllLines(path)))];

    [Fact]
    public void Files_OfAnyKind_HaveAtMost400Lines() => Assert.DoesNotContain(Sources, source => source.Lines.Length > 400);

    [Fact]
    public void Files_NineOfTen_HaveAtMost170Lines()
    {
        var product = Sources.Where(source => source.Path.StartsWith("src", StringComparison.Ordinal)).ToList();
        Assert.InRange(product.Count(source => source.Lines.Length > 170), 0, product.Count / 10);
    }

    /// <summary>
    /// At most 140 columns, in code, scripts and statements. A raw string is left as it is: what it says may not be broken. Migrations are:
    /// their checksums are in databases.
    /// </summary>
    [Fact]
    public void Lines_HaveAtMost140Columns() =>
        Assert.Empty(
            from source in Sources.Concat(Scripts)
            from line in OutsideRawStrings(source.Lines)
            where line.Length > 140
            select $"{source.Path}: {line.Trim()}");

    [Fact]
    public void Program_IsReadInOneScreen() =>
        Assert.InRange(
            Sources.Single(source => source.Path.EndsWith("src/MeteringGateway/Program.cs", StringComparison.Ordinal)).Lines.Length, 1, 60);

    [Fact]
    public void Folders_AreStagesAndFeatures_NeverLayers() =>
        Assert.DoesNotContain(Sources, source => Layers().IsMatch(source.Path));

    [Fact]
    public void Types_AreNamedForTheirRole() =>
        Assert.Empty(from source in Sources from line in source.Lines where Roles().IsMatch(line) select $"{source.Path}: {line.Trim()}");

    [Fact]
    public void Code_LeavesNothingForLater() =>
        Assert.Empty(from source in Sources
                     where !source.Path.EndsWith("TidyTests.cs", StringComparison.Ordinal)
                     from line in source.Lines
                     where Later().IsMatch(line)
                     select $"{source.Path}: {line.Trim()}");

    [Fact]
    public void Outbox_IsNeverTrimmedByLength() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.lua", SearchOption.AllDirectories),
            path => File.ReadAllText(path).Contains("MAXLEN", StringComparison.Ordinal));

    private static IEnumerable<string> OutsideRawStrings(string[] lines)
    {
        var isRaw = false;
        foreach (var line in lines)
        {
            var quotes = RawQuotes().Count(line);
            if (!isRaw && quotes == 0)
            {
                yield return line;
            }

            isRaw ^= quotes % 2 == 1;
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MeteringGateway.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex("\"{3,}")]
    private static partial Regex RawQuotes();

    [GeneratedRegex("/(Helpers|Common|Utils|Utilities|Services|Managers)/")]
    private static partial Regex Layers();

    [GeneratedRegex(@"\b(class|record|struct|interface) \w+(Manager|Helper|Helpers|Utils|Base|Impl)\b")]
    private static partial Regex Roles();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException|Skip *= *""")]
    private static partial Regex Later();
}
