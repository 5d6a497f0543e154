namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Writes the entries of one flush into their accounts' chains, whatever the ledger has of them already and whatever it refuses of them.
/// One owner.
/// </summary>
/// <param name="flush">The transaction, which has the accounts locked.</param>
/// <param name="heads">The ends of the locked accounts' chains; moved on with each write.</param>
internal sealed class ChainWrite(FlushTransaction flush, Dictionary<long, ChainHead> heads)
{
    private readonly Dictionary<long, long> _drift = [];

    /// <summary>By account, as <see cref="EntryChain.Drift"/> has it.</summary>
    public IReadOnlyDictionary<long, long> Drift => _drift;

    /// <summary>Accounts of which entries were written.</summary>
    public IReadOnlyCollection<long> Accounts => _drift.Keys;

    /// <summary>
    /// Usually one statement, which does not ask first what the ledger has: an entry that it has already is found by its entry id, the
    /// table's key, and is dropped then. That is seldom (a flusher died between its commit and its trim, or has yet to trim), and to ask
    /// costs an index look-up more for every entry. Entries that PostgreSQL refuses together are written in halves, in order, until the
    /// refused entry is alone: a few round trips for one bad entry in thousands, and the good entries keep their order.
    /// </summary>
    public async Task WriteAsync(IReadOnlyList<PackedEntry> entries, CancellationToken cancellationToken)
    {
        var chain = EntryChain.Number(entries, heads);
        if (chain.Overflowing.Count > 0 && await DropWrittenAsync(entries, cancellationToken) is { } fewer)
        {
            // What overflows may do so for an entry that counts twice.
            await WriteAsync(fewer, cancellationToken);
            return;
        }

        foreach (var overflowing in chain.Overflowing)
        {
            overflowing.Batch.SetAside(overflowing, "the balance after it is larger than the ledger can hold");
        }

        if (chain.Entries.Count == 0)
        {
            return;
        }

        var (outcome, reason) = await flush.TryWriteAsync(chain, cancellationToken);
        if (outcome == WriteOutcome.Written)
        {
            foreach (var (account, head) in chain.Heads)
            {
                heads[account] = head;
                _drift[account] = chain.Drift[account];
            }

            return;
        }

        List<PackedEntry> left = [.. entries.Except(chain.Overflowing)];
        if (outcome == WriteOutcome.Repeated && await DropWrittenAsync(left, cancellationToken) is { } unwritten)
        {
            await WriteAsync(unwritten, cancellationToken);
            return;
        }

        if (left.Count == 1)
        {
            left[0].Batch.SetAside(left[0], reason!);
            return;
        }

        await WriteAsync(left[..(left.Count / 2)], cancellationToken);
        await WriteAsync(left[(left.Count / 2)..], cancellationToken);
    }

    /// <summary>The entries that the ledger does not have; null if it has none of them.</summary>
    private async Task<List<PackedEntry>?> DropWrittenAsync(IReadOnlyList<PackedEntry> entries, CancellationToken cancellationToken)
    {
        var written = await flush.ReadWrittenAsync([.. entries.Select(e => e.Entry.EntryId)], cancellationToken);
        if (written.Count == 0)
        {
            return null;
        }

        foreach (var batch in entries.Select(e => e.Batch).Distinct())
        {
            batch.DropWritten(written);
        }

        return [.. entries.Where(e => !written.ContainsKey(e.Entry.EntryId))];
    }
}
