using System.Globalization;
using MeteringGateway.Accounts.Usage;
using MeteringGateway.WebConsole.Account.Usage;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Operation.Usage;

/// <summary>What all accounts, or one, spent on what.</summary>
internal static class OperatorUsagePages
{
    private const string Path = "/console/operator/usage";
    private const int MostAccounts = 20;

    public static void MapOperatorUsagePages(this RouteGroupBuilder operators)
    {
        operators.MapGet("/usage", ShowAsync);
        operators.MapGet("/usage.csv", ExportAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, UsageLook look, TimeProvider time)
    {
        var filter = UsageFilter.Of(context.Request.Query);
        var (query, fault) = filter.Read(Account(filter), time.GetUtcNow());
        if (query is null)
        {
            return Page(new UsageModel(filter, Wrong(fault!)));
        }

        var answer = await look.ReadAsync(query);
        if (!answer.IsOk)
        {
            return Page(new UsageModel(filter, answer.Problem));
        }

        // Accounts are told apart by whole days only, and not by what they called.
        var top = query is { AccountId: null, Surface: null, Step: UsageStep.Day }
            ? (await look.TopAccountsAsync(query, MostAccounts)).Value
            : null;
        return Page(UsageSums.Of(answer.Value, query, filter, new Dictionary<long, string>()) with
        {
            Top = [.. (top ?? []).Select(row => new TopLine(row.AccountId, $"{row.FullName} ({row.Email})", row.Calls, row.Credits))],
        });
    }

    private static async Task<IResult> ExportAsync(HttpContext context, UsageLook look, TimeProvider time)
    {
        var filter = UsageFilter.Of(context.Request.Query);
        var (query, fault) = filter.Read(Account(filter), time.GetUtcNow());
        if (query is null)
        {
            return MessagePage.Of(Wrong(fault!));
        }

        var answer = await look.ReadAsync(query);
        if (!answer.IsOk)
        {
            return MessagePage.Of(answer.Problem);
        }

        if (answer.Value.IsCut)
        {
            return MessagePage.Of(
                "Too much for one file", "There are more rows than one file holds. Narrow the days, or take days in place of hours.",
                StatusCodes.Status400BadRequest, filter.Page(Path), "Back to usage");
        }

        var csv = new Csv([filter.By, "surface", "key_id", "provider", "calls", "credits"]);
        foreach (var row in answer.Value.Usage)
        {
            csv.Add(row.At, row.Surface, row.KeyId, row.Provider, row.Calls, row.Credits);
        }

        return csv.File(context, "usage.csv");
    }

    /// <summary>A slip must not show all accounts in place of one: it is an account that there is not.</summary>
    private static long? Account(UsageFilter filter) =>
        filter.AccountId is null ? null
        : long.TryParse(filter.AccountId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
        : 0;

    private static ApiProblem Wrong(string fault) =>
        new(StatusCodes.Status400BadRequest, "invalid_request", "The filter is not valid.", fault);

    private static ConsolePage<UsageView, UsageModel> Page(UsageModel model) =>
        new("Usage", model with { Path = Path }) { Status = model.Problem?.Status ?? StatusCodes.Status200OK };
}
