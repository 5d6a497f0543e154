namespace MeteringGateway.Accounts.Usage;

/// <summary>What <c>GET /api/me/usage</c> and <c>GET /admin/usage</c> tell; <c>at</c> is where an hour or day begins, in UTC.</summary>
/// <param name="From">Where the first hour or day begins.</param>
/// <param name="To">Where the last one ends.</param>
/// <param name="AsOf">Calls that were charged before are counted; of all accounts, what was in the ledger by then.</param>
internal sealed record UsageAnswer(
    DateTimeOffset From, DateTimeOffset To, string By, DateTimeOffset AsOf, long Calls, long Credits, long Refused,
    IReadOnlyList<UsageRow> Usage, IReadOnlyList<RefusalRow> Refusals)
{
    public static UsageAnswer Of(UsageQuery query, UsageReport report)
    {
        var whole = query.Whole();
        return new UsageAnswer(
            whole.From, whole.To, query.Step == UsageStep.Hour ? "hour" : "day", report.AsOf, report.Calls, report.Credits, report.Refused,
            report.Usage, report.Refusals);
    }
}
