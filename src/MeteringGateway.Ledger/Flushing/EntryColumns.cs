using MeteringGateway.Ledger.Entries;
using Npgsql;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Turns numbered entries into the arrays that <c>write-entries.sql</c> unnests, so that one statement writes a batch of any size. Pure.
/// </summary>
internal static class EntryColumns
{
    public static void AddTo(NpgsqlParameterCollection parameters, EntryChain chain, SpendSums spend)
    {
        var entries = chain.Entries;
        Add(parameters, "entry_ids", entries, e => e.Entry.EntryId);
        Add(parameters, "account_ids", entries, e => e.Entry.AccountId);
        Add(parameters, "seqs", entries, e => e.Seq);
        Add(parameters, "deltas", entries, e => e.Entry.CreditsDelta);
        Add(parameters, "balances", entries, e => e.BalanceAfter);
        Add(parameters, "types", entries, e => e.Entry.EntryType);
        Add(parameters, "key_ids", entries, e => e.Entry.KeyId);
        Add(parameters, "surfaces", entries, e => e.Entry.Surface);
        Add(parameters, "providers", entries, e => e.Entry.Provider);
        Add(parameters, "descriptions", entries, e => e.Entry.Description);
        Add(parameters, "metadata", entries, e => e.Entry.Metadata);
        Add(parameters, "occurred", entries, e => e.Entry.OccurredAt.UtcDateTime);
        Add(parameters, "attempts", entries, e => e.Entry.Attempts);
        Add(parameters, "held", entries, e => e.Entry.Held);
        Add(parameters, "idempotency", entries, e => e.Entry.Idempotency is { } hex ? Convert.FromHexString(hex) : null);
        Add(parameters, "fingerprints", entries, e => e.Entry.Fingerprint);

        Add(parameters, "spend_keys", spend.Keys, s => s.KeyId);
        Add(parameters, "spend_periods", spend.Keys, s => s.Period);
        Add(parameters, "spend_windows", spend.Keys, s => s.Window);
        Add(parameters, "spend_credits", spend.Keys, s => s.Credits);
        Add(parameters, "month_accounts", spend.Months, s => s.AccountId);
        Add(parameters, "months", spend.Months, s => s.Month);
        Add(parameters, "month_credits", spend.Months, s => s.Credits);

        var heads = chain.Heads.ToList();
        Add(parameters, "head_accounts", heads, h => h.Key);
        Add(parameters, "head_seqs", heads, h => h.Value.Seq);
        Add(parameters, "head_balances", heads, h => h.Value.Balance);
        AddNotices(parameters, entries);
    }

    /// <summary>One row for the watcher of thresholds, for all entries of an account with the same key and windows.</summary>
    private static void AddNotices(NpgsqlParameterCollection parameters, List<NumberedEntry> entries)
    {
        var spans = new Dictionary<(long Account, long? Key, SpendWindows? Windows), (long First, long Last)>();
        foreach (var (entry, seq, _) in entries)
        {
            var of = (entry.AccountId, entry.KeyId, entry.Windows);
            spans[of] = spans.TryGetValue(of, out var span) ? (span.First, seq) : (seq, seq);
        }

        var rows = spans.ToList();
        Add(parameters, "notice_accounts", rows, r => r.Key.Account);
        Add(parameters, "notice_keys", rows, r => r.Key.Key);
        Add(parameters, "notice_days", rows, r => r.Key.Windows?.Day);
        Add(parameters, "notice_weeks", rows, r => r.Key.Windows?.Week);
        Add(parameters, "notice_months", rows, r => r.Key.Windows?.Month);
        Add(parameters, "notice_first", rows, r => r.Value.First);
        Add(parameters, "notice_last", rows, r => r.Value.Last);
    }

    private static void Add<TRow, TColumn>(NpgsqlParameterCollection parameters, string name, List<TRow> rows, Func<TRow, TColumn> column)
    {
        var values = new TColumn[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = column(rows[i]);
        }

        parameters.Add(new NpgsqlParameter<TColumn[]>(name, values));
    }
}
