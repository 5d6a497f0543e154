using System.Text.RegularExpressions;

namespace MeteringGateway.Tests.Repository;

/// <summary>A table is written by the statements of one room, so that what must hold of its rows stands in one place.</summary>
public sealed partial class TableOwnersTests
{
    private static readonly string[] s_areas = ["Accounts", "Calls", "Hosting", "Http", "Sales"];

    /// <summary>Tables that more rooms write, and why.</summary>
    private static readonly Dictionary<string, string> s_shared = new()
    {
        ["accounts"] = "the ledger keeps the balance on the account's row, in the transaction that writes its entries",
        ["notice_queue"] = "an outbox: who changes a limit says so in the same statement, and Notices takes it from there",
    };

    [Fact]
    public void Tables_AreWrittenByOneRoom()
    {
        var writers = Writers();
        Assert.True(writers.Count > 20, "The statements were not found.");
        Assert.Empty(
            from table in writers
            where table.Value.Count > 1 && !s_shared.ContainsKey(table.Key)
            select $"{table.Key}: {string.Join(", ", table.Value)}");
        Assert.All(s_shared.Keys, table => Assert.True(writers[table].Count > 1, $"{table} has one writer now."));
    }

    private static Dictionary<string, SortedSet<string>> Writers()
    {
        var writers = new Dictionary<string, SortedSet<string>>();
        var source = Path.Combine(TidyTests.Root, "src");
        foreach (var path in Directory.EnumerateFiles(source, "*.sql", SearchOption.AllDirectories))
        {
            var segments = Path.GetRelativePath(source, path).Split(Path.DirectorySeparatorChar);
            if (segments.Contains("Migrations") || segments.Contains("bin") || segments.Contains("obj"))
            {
                continue;
            }

            foreach (Match write in Writes().Matches(Remarks().Replace(File.ReadAllText(path), "")))
            {
                var table = write.Groups["table"].Value;
                writers.TryAdd(table, []);
                writers[table].Add(RoomOf(segments));
            }
        }

        return writers;
    }

    /// <summary>The ledger's project is one room; elsewhere a room is a folder of the project, or of one of its areas.</summary>
    private static string RoomOf(string[] segments) => segments switch
    {
        ["MeteringGateway.Ledger", ..] => "Ledger",
        [_, var area, var room, _, ..] when s_areas.Contains(area) => room,
        [_, var room, ..] => room,
        _ => "",
    };

    [GeneratedRegex("--.*")]
    private static partial Regex Remarks();

    // A lock (for update, for no key update) and an upsert (do update) name no table here.
    [GeneratedRegex(@"\b(insert\s+into|(?<!\b(for|key|do)\s+)update|delete\s+from)\s+(?<table>[a-z_]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Writes();
}
