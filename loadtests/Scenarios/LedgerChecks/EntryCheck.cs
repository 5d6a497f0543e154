using MeteringGateway.Load.Stack;
using MeteringGateway.Scenarios.Running;

namespace MeteringGateway.Scenarios.LedgerChecks;

/// <summary>
/// The ledger of the local stack, read by SQL beside the gateway: each charged answer has exactly one entry, of its request id and to the
/// credit; an entry without an answer is explained by a lost call or is wrong. Then the gateway verifies its whole ledger, and Redis
/// against it. One owner.
/// </summary>
internal sealed class EntryCheck(Load.Stack.Ledger ledger, Uri gateway) : ILedgerCheck
{
    /// <summary>A backlog that takes longer does not drain.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static readonly string s_entriesSince = Embedded("LedgerChecks/entries-since.sql");

    private readonly List<long> _accounts = [];
    private readonly List<long> _sequences = [];

    public async Task OpenAsync(CancellationToken cancellation)
    {
        await ledger.SettleAsync(s_patience, cancellation);
        await using var command = ledger.Database.CreateCommand("select id, seq from accounts where seq > 0");
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            _accounts.Add(rows.GetInt64(0));
            _sequences.Add(rows.GetInt64(1));
        }
    }

    public async Task<LedgerVerdict> CloseAsync(IReadOnlyList<ChargedAnswer> answers, long lost, CancellationToken cancellation)
    {
        ledger.Reconnect();
        if (!await ledger.SettleAsync(s_patience, cancellation))
        {
            return new LedgerVerdict([], [$"the outbox is not empty {s_patience.TotalSeconds:F0} s after the load"]);
        }

        var comparison = EntryComparison.Of(answers, await EntriesAsync(cancellation), lost);
        using var api = new OperatorApi(gateway);
        var wrong = await api.CheckLedgerAsync(cancellation);
        return new LedgerVerdict(
            [.. comparison.Looked, .. wrong is null ? ["ledger verify and ledger reconcile: ok"] : Array.Empty<string>()],
            [.. comparison.Problems, .. wrong is null ? Array.Empty<string>() : [wrong]]);
    }

    private async Task<Dictionary<string, long>> EntriesAsync(CancellationToken cancellation)
    {
        await using var command = ledger.Database.CreateCommand(s_entriesSince);
        command.Parameters.AddWithValue("accounts", _accounts.ToArray());
        command.Parameters.AddWithValue("sequences", _sequences.ToArray());
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var entries = new Dictionary<string, long>();
        while (await rows.ReadAsync(cancellation))
        {
            entries.Add(rows.GetString(0), rows.GetInt64(1));
        }

        return entries;
    }

    private static string Embedded(string name)
    {
        using var stream = typeof(EntryCheck).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
