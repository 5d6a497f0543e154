using MeteringGateway.Accounts.Usage;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Account.Usage;

/// <summary>
/// What was spent on what, as a page and as a file, the same for customers on their wallet and for operators on all accounts or one.
/// </summary>
/// <param name="path">Of the page.</param>
/// <param name="accountOf">Whose usage it is; null: everybody's.</param>
internal sealed class UsageSide(string path, Func<HttpContext, UsageFilter, long?> accountOf)
{
    private static readonly Dictionary<long, string> s_none = [];

    /// <summary>Names of keys by their number. Null: they are not named, for they are of many accounts.</summary>
    public Func<ConsoleApi, Task<IReadOnlyDictionary<long, string>>>? KeyNames { get; init; }

    /// <summary>Who used most. Null: it is one account.</summary>
    public Func<UsageLook, UsageQuery, Task<IReadOnlyList<TopLine>>>? Top { get; init; }

    public async Task<IResult> ShowAsync(HttpContext context, ConsoleApi api, UsageLook look, TimeProvider time)
    {
        var filter = UsageFilter.Of(context.Request.Query);
        var (query, fault) = filter.Read(accountOf(context, filter), time.GetUtcNow());
        if (query is null)
        {
            return Page(new UsageModel(filter, Wrong(fault!)));
        }

        var answer = await look.ReadAsync(query);
        if (!answer.IsOk)
        {
            return Page(new UsageModel(filter, answer.Problem));
        }

        return Page(UsageSums.Of(answer.Value, query, filter, await NamesAsync(api) ?? s_none) with
        {
            Top = Top is null ? [] : await Top(look, query),
        });
    }

    public async Task<IResult> ExportAsync(HttpContext context, ConsoleApi api, UsageLook look, TimeProvider time)
    {
        var filter = UsageFilter.Of(context.Request.Query);
        var (query, fault) = filter.Read(accountOf(context, filter), time.GetUtcNow());
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
                StatusCodes.Status400BadRequest, filter.Page(path), "Back to usage");
        }

        var names = await NamesAsync(api);
        var csv = new Csv([filter.By, "surface", "key_id", .. Named("key"), "provider", "calls", "credits"]);
        foreach (var row in answer.Value.Usage)
        {
            csv.Add([row.At, row.Surface, row.KeyId, .. Named(NameOf(row.KeyId)), row.Provider, row.Calls, row.Credits]);
        }

        return csv.File(context, "usage.csv");

        string? NameOf(long? key) => key is { } id ? names?.GetValueOrDefault(id) : null;

        T[] Named<T>(T name) => names is null ? [] : [name];
    }

    private async Task<IReadOnlyDictionary<long, string>?> NamesAsync(ConsoleApi api) => KeyNames is null ? null : await KeyNames(api);

    private static ApiProblem Wrong(string fault) =>
        new(StatusCodes.Status400BadRequest, "invalid_request", "The filter is not valid.", fault);

    private ConsolePage<UsageView, UsageModel> Page(UsageModel model) =>
        new("Usage", model with { Path = path }) { Status = model.Problem?.Status ?? StatusCodes.Status200OK };
}
