using System.Globalization;
using MeteringGateway.Compare.Load;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Stack;

namespace MeteringGateway.Compare.Rounds;

/// <summary>Compares a load's answers with the entries that it left in the ledger, and reads the codes of what was refused.</summary>
internal sealed class LedgerCheck(Findings findings)
{
    /// <summary>A backlog that takes longer is a finding: the flusher does not keep up.</summary>
    private static readonly TimeSpan SettlePatience = TimeSpan.FromMinutes(5);

    public static async Task<Dictionary<string, long>> OutcomesAsync(IEnumerable<DotnetServer> gateways, CancellationToken cancellation)
    {
        var sum = new Dictionary<string, long>();
        foreach (var gateway in gateways)
        {
            using var api = new OperatorApi(gateway.Address);
            foreach (var (outcome, count) in MetricsText.Outcomes(await api.MetricsAsync(cancellation)))
            {
                sum[outcome] = sum.GetValueOrDefault(outcome) + count;
            }
        }

        return sum;
    }

    public async Task SettleAsync(string what, Ledger ledger, CancellationToken cancellation)
    {
        if (!await ledger.SettleAsync(SettlePatience, cancellation))
        {
            findings.Add($"{what}: the outbox is not empty after {SettlePatience.TotalMinutes} minutes.");
        }
    }

    /// <param name="cut">Connections that the load closed with a call on its way: it may be charged, and nobody counted its answer.</param>
    public void Compare(string what, long succeeded, long entries, int cut)
    {
        if (Difference(succeeded, entries, cut) is { } difference)
        {
            findings.Add($"{what}: {difference}");
        }
    }

    /// <summary>Null where each 2xx has its entry, and nothing else has one but what may have been cut off.</summary>
    public static string? Difference(long succeeded, long entries, int cut) =>
        entries >= succeeded && entries <= succeeded + cut ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{succeeded} answers were 2xx (and up to {cut} cut off), the ledger has {entries} entries of them.");

    /// <summary>A refusal or a lost answer is a finding: in none of these loads has a call to be refused.</summary>
    public void Refused(string what, LoadResult load, string codes)
    {
        if (load.Refused + load.Lost > 0)
        {
            findings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {load.Refused} of {load.Requests} calls refused, {load.Lost} lost{(codes.Length > 0 ? $" ({codes})" : "")}."));
        }
    }

    /// <summary>Walks the whole ledger, and Redis against it.</summary>
    public async Task WholeAsync(string what, Uri gateway, CancellationToken cancellation)
    {
        using var api = new OperatorApi(gateway);
        try
        {
            if (await api.CheckLedgerAsync(cancellation) is { } wrong)
            {
                findings.Add($"{what}: {wrong}");
            }
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // What was measured is told all the same, as what it is: figures of a ledger that nobody has looked at.
            findings.Add($"{what}: the ledger was not checked to its end ({e.Message}).");
        }
    }
}
