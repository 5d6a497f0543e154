using System.Globalization;
using MeteringGateway.Accounts.Usage;
using MeteringGateway.WebConsole.Account.Usage;

namespace MeteringGateway.WebConsole.Operation.Usage;

/// <summary>What all accounts, or one, spent on what.</summary>
internal static class OperatorUsagePages
{
    private const int MostAccounts = 20;

    private static readonly UsageSide s_side = new("/console/operator/usage", (_, filter) => Account(filter)) { Top = TopAsync };

    public static void MapOperatorUsagePages(this RouteGroupBuilder operators)
    {
        operators.MapGet("/usage", s_side.ShowAsync);
        operators.MapGet("/usage.csv", s_side.ExportAsync);
    }

    private static async Task<IReadOnlyList<TopLine>> TopAsync(UsageLook look, UsageQuery query)
    {
        // Accounts are told apart by whole days only, and not by what they called.
        var top = query is { AccountId: null, Surface: null, Step: UsageStep.Day }
            ? (await look.TopAccountsAsync(query, MostAccounts)).Value
            : null;
        return [.. (top ?? []).Select(row => new TopLine(row.AccountId, $"{row.FullName} ({row.Email})", row.Calls, row.Credits))];
    }

    /// <summary>A slip must not show all accounts in place of one: it is an account that there is not.</summary>
    private static long? Account(UsageFilter filter) =>
        filter.AccountId is null ? null
        : long.TryParse(filter.AccountId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
        : 0;
}
