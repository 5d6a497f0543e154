using System.Text.RegularExpressions;
using ArchUnitNET.Loader;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Hosting;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Tests.Repository;

/// <summary>
/// The borders that the compiler does not keep: the table of section 6 in <c>docs/design.md</c>, and no cycle among rooms. A room is a
/// namespace of two parts below <c>MeteringGateway</c>, <c>Calls.Pricing</c>; what lies deeper belongs to it.
/// </summary>
public sealed partial class BorderTests
{
    private const string Root = "MeteringGateway.";

    private static readonly IReadOnlyList<(string From, string To)> s_uses = Uses();

    public static TheoryData<string, string, string> Forbidden()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (rooms, mustNot) in Table())
        {
            var but = mustNot.IndexOf(" but for ", StringComparison.Ordinal);
            var allowed = but < 0 ? "" : string.Join(' ', Names(mustNot[but..]));
            foreach (var room in rooms)
            {
                data.Add(room, string.Join(' ', Names(but < 0 ? mustNot : mustNot[..but])), allowed);
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(Forbidden))]
    public void Room_NeverDependsOnWhatItMustNotKnow(string room, string mustNotKnow, string butFor)
    {
        var (forbidden, allowed) = (mustNotKnow.Split(' '), butFor.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(s_uses, use => IsIn(use.From, room));
        Assert.Empty(from use in s_uses
                     where IsIn(use.From, room) && !IsIn(use.To, room)
                     where forbidden.Any(name => IsIn(use.To, name)) && !allowed.Any(name => IsIn(use.To, name))
                     select use);
    }

    [Fact]
    public void EveryRoom_StandsInTheTable()
    {
        var told = Table().SelectMany(row => row.Rooms).ToList();
        var rooms = s_uses.Select(use => RoomOf(use.From)).Where(room => room.Length > 0).Distinct();
        Assert.Empty(from room in rooms where !told.Any(name => IsIn(Root + room, name)) select room);
    }

    [Fact]
    public void Rooms_FormNoCycle() => AssertNoCycle(RoomOf);

    [Fact]
    public void Areas_FormNoCycle() => AssertNoCycle(type => RoomOf(type).Split('.')[0]);

    /// <summary>More than that nobody sees at once. The tests mirror several projects in one, so theirs are not counted.</summary>
    [Fact]
    public void Folders_HaveAtMostTwelveSiblings()
    {
        var source = Path.Combine(TidyTests.Root, "src");
        Assert.Empty(
            from folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories).Prepend(source)
            where !Skipped().IsMatch(folder) && Directory.EnumerateDirectories(folder).Count(inside => !Skipped().IsMatch(inside)) > 12
            select folder);
    }

    private static void AssertNoCycle(Func<string, string> of)
    {
        var edges = s_uses.Select(use => (From: of(use.From), To: of(use.To)))
            .Where(edge => edge.From != edge.To && edge.From.Length > 0 && edge.To.Length > 0)
            .ToHashSet();
        while (true)
        {
            // What nothing leads out of, or into, is in no cycle.
            var (left, entered) = (edges.Select(edge => edge.From).ToHashSet(), edges.Select(edge => edge.To).ToHashSet());
            if (edges.RemoveWhere(edge => !left.Contains(edge.To) || !entered.Contains(edge.From)) == 0)
            {
                break;
            }
        }

        Assert.Empty(edges.Select(edge => $"{edge.From} → {edge.To}"));
    }

    private static List<(string From, string To)> Uses()
    {
        var architecture = new ArchLoader()
            .LoadAssemblies(typeof(GatewayHost).Assembly, typeof(RedisConnection).Assembly, typeof(PartitionMap).Assembly)
            .Build();
        return [.. architecture.Types
            .Where(type => type.FullName.StartsWith(Root, StringComparison.Ordinal))
            .SelectMany(type => type.Dependencies.Select(dependency => (type.FullName, dependency.Target.FullName)))
            .Distinct()];
    }

    /// <summary>
    /// <c>Calls.Pricing</c> of <c>MeteringGateway.Calls.Pricing.Quote</c>; empty for what is nobody's or stands beside the rooms.
    /// </summary>
    private static string RoomOf(string type)
    {
        if (!type.StartsWith(Root, StringComparison.Ordinal))
        {
            return "";
        }

        var parts = type[Root.Length..].Split('.');
        return string.Join('.', parts[..Math.Clamp(parts.Length - 1, 0, 2)]);
    }

    private static bool IsIn(string type, string name) => IsBelow(type, name) || IsBelow(type, Root + name);

    private static bool IsBelow(string type, string name) =>
        type.StartsWith(name, StringComparison.Ordinal) && (type.Length == name.Length || type[name.Length] is '.' or '/' or '+' or '`');

    /// <summary>The rows of section 6: the rooms of the first column, the text of the last.</summary>
    private static IEnumerable<(string[] Rooms, string MustNot)> Table()
    {
        var lines = File.ReadAllLines(Path.Combine(TidyTests.Root, "docs", "design.md"))
            .SkipWhile(line => !line.StartsWith("## 6.", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        foreach (var line in lines.Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            var cells = line.Split('|');
            yield return ([.. Names(cells[1])], cells[3]);
        }
    }

    private static IEnumerable<string> Names(string cell) => Name().Matches(cell).Select(match => match.Groups[1].Value.TrimEnd('/'));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"/(bin|obj|Migrations)(/|$)")]
    private static partial Regex Skipped();
}
