using System.Text.RegularExpressions;
using MeteringGateway.Configuration;

namespace MeteringGateway.Tests.Configuration;

/// <summary>A setting that is accepted and does nothing is worse than an unknown one: its operator believes in it.</summary>
public sealed class SettingsAreReadTests
{
    private static readonly List<(string Path, string Text)> s_sources = [.. Directory
        .EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
        .Select(path => (path, File.ReadAllText(path)))];

    [Fact]
    public void OptionsClasses_EveryProperty_IsReadOutsideItsClass() => Assert.Empty(
        from section in OptionsSection.All
        from property in section.Properties
        let read = new Regex($@"\.{property.Name}\b|""{property.Name}""")
        where !s_sources.Any(source =>
            !source.Path.EndsWith($"/{section.Type.Name}.cs", StringComparison.Ordinal) && read.IsMatch(source.Text))
        select $"{section.Path}:{property.Name}");

    [Fact]
    public void OptionsClasses_EveryOne_IsFoundByItsSection() => Assert.Empty(
        from source in s_sources
        where Path.GetFileName(source.Path).EndsWith("Options.cs", StringComparison.Ordinal)
            && source.Text.Contains("const string Section", StringComparison.Ordinal)
        let name = Path.GetFileNameWithoutExtension(source.Path)
        where OptionsSection.All.All(section => section.Type.Name != name)
        select name);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "MeteringGateway.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
