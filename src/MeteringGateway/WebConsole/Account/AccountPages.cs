using MeteringGateway.WebConsole.Account.Credits;
using MeteringGateway.WebConsole.Account.Keys;
using MeteringGateway.WebConsole.Account.Ledger;
using MeteringGateway.WebConsole.Account.Notices;
using MeteringGateway.WebConsole.Account.Overview;
using MeteringGateway.WebConsole.Account.Settings;
using MeteringGateway.WebConsole.Account.Subscription;
using MeteringGateway.WebConsole.Account.Team;
using MeteringGateway.WebConsole.Account.Usage;

namespace MeteringGateway.WebConsole.Account;

/// <summary>The pages of customers.</summary>
internal static class AccountPages
{
    public static void MapAccountPages(this RouteGroupBuilder visitors)
    {
        visitors.MapOverviewPages();
        visitors.MapUsagePages();
        visitors.MapLedgerPages();
        visitors.MapKeyPages();
        visitors.MapCreditPages();
        visitors.MapSubscriptionPages();
        visitors.MapNoticePages();
        visitors.MapTeamPages();
        visitors.MapSettingsPages();
    }
}
