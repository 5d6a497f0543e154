using MeteringGateway.WebConsole.Account.Credits;
using MeteringGateway.WebConsole.Account.Keys;
using MeteringGateway.WebConsole.Account.Ledger;
using MeteringGateway.WebConsole.Account.Usage;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;
using MeteringGateway.WebConsole.Frame.Visits;

namespace MeteringGateway.WebConsole.Account.Overview;

/// <summary>The numbers that reload by themselves.</summary>
/// <param name="Wallet">Null: it can't be read now.</param>
/// <param name="CreditsToday">Null, like what follows: the roll-up can't be read now.</param>
public sealed record NumbersModel(
    WalletInfo? Wallet, long? CreditsToday, long? CallsToday, long? CreditsThisMonth, decimal? DaysLeft, DateTimeOffset? AsOf,
    ApiProblem? Problem);

/// <param name="Numbers">What reloads by itself.</param>
/// <param name="Chart">The last seven days; null: they can't be read now.</param>
/// <param name="Entries">The newest; null: they can't be read now.</param>
/// <param name="KeyCount">Null: not known.</param>
public sealed record OverviewModel(NumbersModel Numbers, ChartModel? Chart, IReadOnlyList<Entry>? Entries, int? KeyCount)
{
    public AutoRecharge? AutoRecharge { get; init; }

    public bool IsNew => KeyCount == 0 || Numbers.Wallet?.Balance == 0;
}

/// <summary>The first page.</summary>
internal static class OverviewPages
{
    public static void MapOverviewPages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("", ShowAsync);
        visitors.MapGet("/overview/numbers", async (HttpContext context, ConsoleApi api, UsageLook look, ShortMemory memory) =>
            new ConsolePart<NumbersView, NumbersModel>(await NumbersAsync(context, api, look, memory)));
    }

    private static async Task<IResult> ShowAsync(
        HttpContext context, ConsoleApi api, UsageLook look, ShortMemory memory, TimeProvider time)
    {
        var numbers = await NumbersAsync(context, api, look, memory);
        var visitor = context.Features.Get<Visitor>()!;
        var rest = await memory.GetAsync(("overview", visitor.WalletId, visitor.PersonId), async () => new Rest(
            (await api.GetAsync<EntryList>("/api/me/ledger?limit=8")).Value?.Transactions,
            (await api.GetAsync<KeyList>($"/api/me/keys?limit={KeyList.PageRows}")).Value?.Keys.Count(key => key.IsActive),
            (await api.GetAsync<AutoRecharge>("/v1/auto-recharge")).Value));
        var filter = new UsageFilter("7d", null, null, "day", "surface", null, null);
        var query = filter.Read(visitor.WalletId, time.GetUtcNow()).Query!;
        var usage = await look.ReadAsync(query);
        var model = new OverviewModel(
            numbers, usage.IsOk ? UsageSums.Of(usage.Value, query, filter, new Dictionary<long, string>()).Chart : null, rest.Entries,
            rest.KeyCount)
        {
            AutoRecharge = rest.AutoRecharge,
        };
        return new ConsolePage<OverviewView, OverviewModel>("Overview", model);
    }

    private static Task<NumbersModel> NumbersAsync(HttpContext context, ConsoleApi api, UsageLook look, ShortMemory memory)
    {
        var wallet = context.Features.Get<Visitor>()!.WalletId;
        return memory.GetAsync(("numbers", wallet), async () =>
        {
            var now = await api.GetAsync<WalletInfo>("/api/me/wallet");
            var totals = (await look.TotalsAsync(wallet)).Value;
            return new NumbersModel(
                now.Value, totals?.CreditsToday, totals?.CallsToday, totals?.CreditsThisMonth,
                now.Value is { } has ? totals?.DaysLeft(has.Balance) : null, totals?.AsOf, now.Problem);
        });
    }

    private sealed record Rest(IReadOnlyList<Entry>? Entries, int? KeyCount, AutoRecharge? AutoRecharge);
}
