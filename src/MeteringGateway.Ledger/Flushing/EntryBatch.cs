using System.Text;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>An outbox entry together with its packed form, which the poison table needs, and the batch that it was read with.</summary>
internal sealed record PackedEntry(string Packed, OutboxEntry Entry, EntryBatch Batch)
{
    public bool SameMovementAs(long accountId, long creditsDelta) => Entry.AccountId == accountId && Entry.CreditsDelta == creditsDelta;
}

/// <summary>An entry that can't be written, and why.</summary>
internal sealed record PoisonEntry(string Packed, string Reason);

/// <summary>
/// A batch read from a partition's outbox, sorted into entries to write, duplicates, and poison. Keeps the order of the list. One owner.
/// </summary>
internal sealed class EntryBatch
{
    /// <summary>
    /// No script moves more (contract: the largest balance is 10^15), and the sums of a batch stay far below the largest bigint.
    /// </summary>
    private const long MostCredits = 1_000_000_000_000_000;

    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public List<PackedEntry> Entries { get; } = [];
    public List<PoisonEntry> Poison { get; } = [];

    /// <summary>Entries that the ledger has already, or that are twice in this batch.</summary>
    public List<PackedEntry> Duplicates { get; } = [];

    /// <summary>
    /// The movements that are no call's charge (reversals included), whose idempotency keys in Redis may expire once the ledger has the
    /// entries. Duplicates are included, since their first trim may not have run. Poison is not: its idempotency key alone prevents
    /// a second application.
    /// </summary>
    public List<(long AccountId, string EntryId)> Credits =>
        [.. Entries.Concat(Duplicates).Where(e => e.Entry.KeyId is null || e.Entry.CreditsDelta > 0)
            .Select(e => (e.Entry.AccountId, e.Entry.EntryId))];

    /// <summary>The entries before the first one of an unknown format.</summary>
    public static IReadOnlyList<string> Readable(IReadOnlyList<string> packed)
    {
        for (var i = 0; i < packed.Count; i++)
        {
            if (OutboxEntry.IsOfAnotherFormat(packed[i]))
            {
                return [.. packed.Take(i)];
            }
        }

        return packed;
    }

    public static EntryBatch Read(IReadOnlyList<string> packed)
    {
        var batch = new EntryBatch();
        var byId = new Dictionary<string, PackedEntry>(packed.Count);
        foreach (var text in packed)
        {
            if (!OutboxEntry.TryParse(text, out var entry, out var reason) || (reason = Flaw(entry!)) is not null)
            {
                batch.Poison.Add(new PoisonEntry(text, reason ?? "can't be read"));
                continue;
            }

            var candidate = new PackedEntry(text, entry!, batch);
            if (byId.TryAdd(entry!.EntryId, candidate))
            {
                batch.Entries.Add(candidate);
            }
            else
            {
                batch.Repeat(candidate, byId[entry.EntryId].Entry.AccountId, byId[entry.EntryId].Entry.CreditsDelta);
            }
        }

        return batch;
    }

    /// <summary>Removes the entries that the ledger has already.</summary>
    public void DropWritten(IReadOnlyDictionary<string, (long AccountId, long CreditsDelta)> written)
    {
        if (written.Count == 0)
        {
            return;
        }

        foreach (var entry in Entries.Where(e => written.ContainsKey(e.Entry.EntryId)))
        {
            var (accountId, creditsDelta) = written[entry.Entry.EntryId];
            Repeat(entry, accountId, creditsDelta);
        }

        Entries.RemoveAll(e => written.ContainsKey(e.Entry.EntryId));
    }

    public void SetAside(PackedEntry entry, string reason)
    {
        Entries.Remove(entry);
        Poison.Add(new PoisonEntry(entry.Packed, reason));
    }

    /// <summary>
    /// The same entry id with the same movement is a replay, and dropped. With another movement it is a fault, which dropping would hide.
    /// </summary>
    private void Repeat(PackedEntry entry, long accountId, long creditsDelta)
    {
        if (entry.SameMovementAs(accountId, creditsDelta))
        {
            Duplicates.Add(entry);
            return;
        }

        Poison.Add(new PoisonEntry(
            entry.Packed, $"entry_id {entry.Entry.EntryId} stands for {creditsDelta} credits of account {accountId} already"));
    }

    private static string? Flaw(OutboxEntry entry) =>
        entry.EntryId.Length == 0 ? "has no entry id"
        : entry.CreditsDelta is > MostCredits or < -MostCredits ? $"moves {entry.CreditsDelta} credits, more than any balance"
        : !(IsText(entry.EntryId) && IsText(entry.EntryType) && IsText(entry.Surface) && IsText(entry.Provider)
            && IsText(entry.Description) && IsText(entry.Attempts)) ? "holds text that the database can't store"
        : null;

    /// <summary>
    /// PostgreSQL's text type takes neither NUL nor half a surrogate pair. Checked here, before such an id fails a query over
    /// the whole batch.
    /// </summary>
    private static bool IsText(string? text)
    {
        try
        {
            return text is null || (!text.Contains('\0') && _strictUtf8.GetByteCount(text) >= 0);
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
