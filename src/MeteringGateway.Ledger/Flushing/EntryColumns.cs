using Npgsql;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Turns numbered entries into the arrays that <c>write-entries.sql</c> unnests, so that one statement writes a batch of any size. Pure.
/// </summary>
internal static class EntryColumns
{
    public static void AddTo(NpgsqlParameterCollection parameters, EntryChain chain)
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
        Add(parameters, "days", entries, e => e.Entry.Windows?.Day);
        Add(parameters, "weeks", entries, e => e.Entry.Windows?.Week);
        Add(parameters, "months", entries, e => e.Entry.Windows?.Month);

        var heads = chain.Heads.ToList();
        Add(parameters, "head_accounts", heads, h => h.Key);
        Add(parameters, "head_seqs", heads, h => h.Value.Seq);
        Add(parameters, "head_balances", heads, h => h.Value.Balance);
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
