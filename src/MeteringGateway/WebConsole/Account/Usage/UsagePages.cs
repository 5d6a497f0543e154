using MeteringGateway.WebConsole.Account.Keys;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Visits;

namespace MeteringGateway.WebConsole.Account.Usage;

/// <summary>What was spent on what, as a chart, a table and a file. The filters stand in the address.</summary>
internal static class UsagePages
{
    private static readonly UsageSide s_side = new("/console/usage", (context, _) => context.Features.Get<Visitor>()!.WalletId)
    {
        KeyNames = KeyNamesAsync,
    };

    public static void MapUsagePages(this RouteGroupBuilder visitors)
    {
        visitors.MapGet("/usage", s_side.ShowAsync);
        visitors.MapGet("/usage.csv", s_side.ExportAsync);
    }

    private static async Task<IReadOnlyDictionary<long, string>> KeyNamesAsync(ConsoleApi api) =>
        (await api.GetAsync<KeyList>($"/api/me/keys?limit={KeyList.PageRows}")).Value?.Keys
            .ToDictionary(key => key.Id, key => key.Name) ?? [];
}
