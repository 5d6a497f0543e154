using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MeteringGateway.BrowserTests.Harness;

namespace MeteringGateway.BrowserTests.Walks;

/// <summary>What is exported is what SQL says, and no spreadsheet runs any of it.</summary>
[Collection(ConsoleTestGroup.Name)]
public sealed partial class ExportTests(ConsoleWorld world)
{
    private static readonly string[] s_evil = ["=HYPERLINK(\"http://x\",\"y\")", "+1+1", "-2+3", "@SUM(A1:A9)", "quote \" and, comma"];

    [Fact]
    public async Task Ledger_AsAFile_SumsToTheBalanceAndRunsNothing()
    {
        var person = await world.NewPersonAsync(credits: 100);
        foreach (var description in s_evil)
        {
            (await world.Client.AdminAsync(
                HttpMethod.Post, "admin/credits/manual",
                new { account_id = person.Account, amount = -3, type = "adjustment", description })).ExpectSuccess();
        }

        await world.Stores.Books.AwaitEntriesAsync(person.Account, 1 + s_evil.Length);
        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(person);
        await visit.GoAsync("/console/ledger");

        var rows = await DownloadAsync(visit, "Export as CSV");

        Assert.Equal(100 - (3 * s_evil.Length), Sum(rows, "credits"));
        Assert.Equal(
            await world.ScalarAsync<long>(
                "select sum(credits_delta)::bigint from ledger_entries where account_id = @account", new { account = person.Account }),
            Sum(rows, "credits"));
        Assert.Equal(
            s_evil.Select(text => text[0] is '=' or '+' or '-' or '@' ? "'" + text : text),
            rows.Skip(1).Select(row => row[rows[0].IndexOf("description")]).Where(text => text != "test").Reverse());
        visit.ExpectClean();
    }

    [Fact]
    public async Task Usage_AsAFile_SumsToWhatTheLedgerCharged()
    {
        var person = await world.NewPersonAsync(credits: 1_000);
        foreach (var name in s_evil)
        {
            var key = (await world.PostAsync("api/me/keys", person.Session, new { name, mode = "live" })).Expect(HttpStatusCode.Created);
            (await world.Client.QueryAsync(key.GetProperty("key").GetString(), new { surface = "search" })).ExpectSuccess();
            (await world.Client.QueryAsync(key.GetProperty("key").GetString(), new { surface = "chat" })).ExpectSuccess();
        }

        await world.Stores.Books.AwaitEntriesAsync(person.Account, 1 + (2 * s_evil.Length));
        var charged = await world.ScalarAsync<long>(
            "select -sum(credits_delta)::bigint from ledger_entries where account_id = @account and entry_type = 'usage'",
            new { account = person.Account });
        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(person);
        await visit.GoAsync("/console/usage");
        await visit.AwaitTextAsync(".figures", charged.ToString(CultureInfo.InvariantCulture));

        var rows = await DownloadAsync(visit, "Export as CSV");

        Assert.Equal((charged, 2 * s_evil.Length), (Sum(rows, "credits"), Sum(rows, "calls")));
        Assert.All(rows.Skip(1).SelectMany(row => row), cell => Assert.DoesNotMatch(Formula(), cell));
        visit.ExpectClean();
    }

    private static long Sum(List<List<string>> rows, string column) =>
        rows.Skip(1).Sum(row => long.Parse(row[rows[0].IndexOf(column)], CultureInfo.InvariantCulture));

    private static async Task<List<List<string>>> DownloadAsync(WatchedPage visit, string link)
    {
        var file = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.GetByText(link).ClickAsync());
        return Read(await File.ReadAllTextAsync(await file.PathAsync()));
    }

    /// <summary>RFC 4180: a quoted cell may hold commas, and its quotes stand twice.</summary>
    private static List<List<string>> Read(string text) =>
        [.. text.TrimEnd().Split("\r\n").Select(line => Cell().Matches(line)
            .Select(cell => cell.Groups["quoted"].Success
                ? cell.Groups["quoted"].Value.Replace("\"\"", "\"", StringComparison.Ordinal)
                : cell.Groups["plain"].Value)
            .ToList())];

    [GeneratedRegex("""(?:^|,)(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^,"]*))""")]
    private static partial Regex Cell();

    /// <summary>A number may begin with a sign; nothing else may.</summary>
    [GeneratedRegex(@"^(?!-?\d+$)[=+\-@\t\r]")]
    private static partial Regex Formula();
}
