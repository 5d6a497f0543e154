using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>The end of an account's chain: the last sequence number and the balance after it.</summary>
internal readonly record struct ChainHead(long Seq, long Balance);

/// <summary>An entry with its place in its account's chain.</summary>
internal readonly record struct NumberedEntry(OutboxEntry Entry, long Seq, long BalanceAfter);

/// <summary>
/// Continues the chains of accounts with a batch of entries, in list order, which is the order of the movements in Redis. One owner.
/// </summary>
internal sealed class EntryChain
{
    private readonly Dictionary<long, ChainHead> _heads = [];
    private readonly Dictionary<long, long> _drift = [];

    private EntryChain(int capacity) => Entries = new List<NumberedEntry>(capacity);

    public List<NumberedEntry> Entries { get; }

    /// <summary>Entries left out of the chain because the balance after them would overflow.</summary>
    public List<PackedEntry> Overflowing { get; } = [];

    /// <summary>The ends of the touched accounts' chains after these entries.</summary>
    public IReadOnlyDictionary<long, ChainHead> Heads => _heads;

    /// <summary>
    /// By account: the balance that Redis saw after the account's last entry in the batch, minus the computed balance.
    /// A lost movement shows in every later entry, so only the last entry counts. 0 for accounts without drift.
    /// </summary>
    public IReadOnlyDictionary<long, long> Drift => _drift;

    /// <summary>Numbers the entries. Every entry's account must be in <paramref name="heads"/>, which is not changed.</summary>
    public static EntryChain Number(IReadOnlyList<PackedEntry> entries, IReadOnlyDictionary<long, ChainHead> heads)
    {
        var chain = new EntryChain(entries.Count);
        foreach (var packed in entries)
        {
            var entry = packed.Entry;
            var head = chain._heads.TryGetValue(entry.AccountId, out var reached) ? reached : heads[entry.AccountId];
            var balance = (Int128)head.Balance + entry.CreditsDelta;
            if (balance != (long)Int128.Clamp(balance, long.MinValue, long.MaxValue))
            {
                chain.Overflowing.Add(packed);
                continue;
            }

            head = new ChainHead(head.Seq + 1, (long)balance);
            chain._heads[entry.AccountId] = head;
            chain._drift[entry.AccountId] = (long)Int128.Clamp((Int128)entry.SeenBalance - balance, -long.MaxValue, long.MaxValue);
            chain.Entries.Add(new NumberedEntry(entry, head.Seq, head.Balance));
        }

        return chain;
    }
}
