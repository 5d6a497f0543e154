using System.Globalization;
using MeteringGateway.Scenarios.Running;

namespace MeteringGateway.Scenarios.LedgerChecks;

/// <summary>Charged answers beside the ledger's entries, by request id. Pure.</summary>
internal static class EntryComparison
{
    /// <summary>Of one kind of problem so many are named; the others are counted.</summary>
    private const int MostNamed = 3;

    /// <param name="entries">Credits by entry id.</param>
    /// <param name="lost">Calls whose answer nobody has seen.</param>
    public static LedgerVerdict Of(IReadOnlyList<ChargedAnswer> answers, IReadOnlyDictionary<string, long> entries, long lost)
    {
        var unexplained = new HashSet<string>(entries.Keys);
        var (missing, different, twice) = (new List<string>(), new List<string>(), new List<string>());
        var seen = new HashSet<string>();
        foreach (var (requestId, credits) in answers)
        {
            var id = requestId.ToString("N");
            if (!seen.Add(id))
            {
                twice.Add(id);
            }
            else if (!entries.TryGetValue(id, out var entry))
            {
                missing.Add(id);
            }
            else if (entry != credits)
            {
                different.Add(string.Create(CultureInfo.InvariantCulture, $"{id} (answer {credits}, entry {entry})"));
            }

            unexplained.Remove(id);
        }

        var problems = new List<string>();
        Add(problems, "charged answers without an entry", missing);
        Add(problems, "answers of other credits than their entry", different);
        Add(problems, "request ids of two charged answers", twice);
        if (unexplained.Count > lost)
        {
            Add(problems, "entries without a charged answer", [.. unexplained]);
        }

        var (paid, taken) = (answers.Sum(answer => answer.Credits), entries.Values.Sum());
        return new LedgerVerdict(
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{answers.Count:N0} charged answers of {paid:N0} credits; {entries.Count:N0} ledger entries of {taken:N0} credits"),
                .. lost == 0 ? Array.Empty<string>() :
                [
                    string.Create(
                        CultureInfo.InvariantCulture, $"{lost:N0} calls without an answer, {unexplained.Count:N0} of which were charged"),
                ],
            ],
            problems);
    }

    private static void Add(List<string> problems, string what, List<string> found)
    {
        if (found.Count > 0)
        {
            var named = string.Join(", ", found.Take(MostNamed));
            problems.Add(string.Create(
                CultureInfo.InvariantCulture, $"{found.Count:N0} {what}: {named}{(found.Count > MostNamed ? ", …" : "")}"));
        }
    }
}
