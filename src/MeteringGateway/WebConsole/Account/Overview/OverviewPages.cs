using MeteringGateway.WebConsole.Account.Ledger;
using MeteringGateway.WebConsole.Account.Usage;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;
using MeteringGateway.WebConsole.Frame.Visits;

namespace MeteringGateway.WebConsole.Account.Overview;

/// <summary>The account, as <c>GET /api/me/overview</c> tells it.</summary>
public sealed record OverviewInfo(
    long? Balance, long? Held, long? MonthlyBudget, UsageInfo Usage, IReadOnlyList<Entry> Entries, int ActiveKeys, bool AutoRecharge,
    DateTimeOffset AsOf)
{
    /// <summary>For how many days the balance lasts at this rate; null: nothing is spent, or not known now.</summary>
    internal decimal? DaysLeft => Balance is { } has && Usage.CreditsPerDay > 0 ? Math.Max(0, has) / Usage.CreditsPerDay : null;
}

public sealed record UsageInfo(
    long CallsToday, long CreditsToday, long CreditsThisMonth, decimal CreditsPerDay, IReadOnlyList<DayInfo> Days);

/// <summary>What a surface was charged on a day.</summary>
public sealed record DayInfo(DateTimeOffset Day, string? Surface, long Credits);

/// <summary>The numbers that reload by themselves.</summary>
/// <param name="Now">Null: they can't be read now.</param>
/// <param name="Problem">Why.</param>
public sealed record NumbersModel(OverviewInfo? Now, ApiProblem? Problem);

/// <param name="Numbers">What reloads by itself.</param>
/// <param name="Chart">The last seven days; null: they can't be read now.</param>
public sealed record OverviewModel(NumbersModel Numbers, ChartModel? Chart)
{
    /// <summary>The newest; null: they can't be read now.</summary>
    public IReadOnlyList<Entry>? Entries => Numbers.Now?.Entries;

    public bool IsNew => Numbers.Now is { ActiveKeys: 0 } or { Balance: 0 };

    public bool IsRechargeOff => Numbers.Now is { AutoRecharge: false };
}

/// <summary>The first page.</summary>
internal static class OverviewPages
{
    private const int Days = 7;

    public static void MapOverviewPages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("", ShowAsync);
        visitors.MapGet("/overview/numbers", async (HttpContext context, ConsoleApi api, ShortMemory memory) =>
            new ConsolePart<NumbersView, NumbersModel>(await NumbersAsync(context, api, memory)));
    }

    private static async Task<IResult> ShowAsync(HttpContext context, ConsoleApi api, ShortMemory memory, TimeProvider time)
    {
        var numbers = await NumbersAsync(context, api, memory);
        return new ConsolePage<OverviewView, OverviewModel>(
            "Overview", new OverviewModel(numbers, numbers.Now is { } now ? Chart(now, time.GetUtcNow()) : null));
    }

    /// <summary>The same to all who may open the wallet, whatever their role.</summary>
    private static Task<NumbersModel> NumbersAsync(HttpContext context, ConsoleApi api, ShortMemory memory) =>
        memory.GetAsync(("overview", context.Features.Get<Visitor>()!.WalletId), async () =>
        {
            var answer = await api.GetAsync<OverviewInfo>("/api/me/overview");
            return new NumbersModel(answer.Value, answer.Problem ?? (answer.Value is { Balance: null } ? s_unknown : null));
        });

    private static readonly ApiProblem s_unknown = new(
        StatusCodes.Status503ServiceUnavailable, "metering_unavailable", "The balance can't be read now.",
        "Nothing is lost. What was used is shown as it is in the ledger.");

    private static ChartModel Chart(OverviewInfo info, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        IReadOnlyList<DateTimeOffset> days = [.. Enumerable.Range(1 - Days, Days).Select(day => today.AddDays(day))];
        var used = info.Usage.Days.Select(day => (day.Surface ?? UsageSums.None, day.Day.ToUniversalTime(), day.Credits));
        return new ChartModel(
            $"Credits by day and surface, {Text.Number(info.Usage.Days.Sum(day => day.Credits))} in all", days,
            ChartModel.SeriesOf(used, days), ByHour: false)
        {
            AsOf = info.AsOf,
        };
    }
}
