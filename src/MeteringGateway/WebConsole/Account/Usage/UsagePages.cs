using MeteringGateway.WebConsole.Account.Keys;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;
using MeteringGateway.WebConsole.Frame.Visits;

namespace MeteringGateway.WebConsole.Account.Usage;

/// <summary>What was spent on what, as a chart, a table and a file. The filters stand in the address.</summary>
internal static class UsagePages
{
    private const string Path = "/console/usage";

    public static void MapUsagePages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("/usage", ShowAsync);
        visitors.MapGet("/usage.csv", ExportAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, ConsoleApi api, UsageLook look, TimeProvider time)
    {
        var filter = UsageFilter.Of(context.Request.Query);
        var (query, fault) = filter.Read(Wallet(context), time.GetUtcNow());
        if (query is null)
        {
            return Page(new UsageModel(filter, Wrong(fault!)));
        }

        var answer = await look.ReadAsync(query);
        return answer.IsOk
            ? Page(UsageSums.Of(answer.Value, query, filter, await KeyNamesAsync(api)))
            : Page(new UsageModel(filter, answer.Problem));
    }

    private static async Task<IResult> ExportAsync(HttpContext context, ConsoleApi api, UsageLook look, TimeProvider time)
    {
        var filter = UsageFilter.Of(context.Request.Query);
        var (query, fault) = filter.Read(Wallet(context), time.GetUtcNow());
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

        var keys = await KeyNamesAsync(api);
        var csv = new Csv([filter.By, "surface", "key_id", "key", "provider", "calls", "credits"]);
        foreach (var row in answer.Value.Usage)
        {
            csv.Add(
                row.At, row.Surface, row.KeyId, row.KeyId is { } id ? keys.GetValueOrDefault(id) : null, row.Provider, row.Calls,
                row.Credits);
        }

        return csv.File(context, "usage.csv");
    }

    private static async Task<IReadOnlyDictionary<long, string>> KeyNamesAsync(ConsoleApi api) =>
        (await api.GetAsync<KeyList>($"/api/me/keys?limit={KeyList.PageRows}")).Value?.Keys
            .ToDictionary(key => key.Id, key => key.Name) ?? [];

    private static long Wallet(HttpContext context) => context.Features.Get<Visitor>()!.WalletId;

    private static ApiProblem Wrong(string fault) =>
        new(StatusCodes.Status400BadRequest, "invalid_request", "The filter is not valid.", fault);

    private static ConsolePage<UsageView, UsageModel> Page(UsageModel model) =>
        new("Usage", model) { Status = model.Problem?.Status ?? StatusCodes.Status200OK };
}
