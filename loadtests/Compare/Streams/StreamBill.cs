using System.Collections.Concurrent;
using MeteringGateway.Load.Streams;

namespace MeteringGateway.Compare.Streams;

/// <summary>What each account has to pay for the streams of a run, to be compared with the ledger. Any number of callers at once.</summary>
internal sealed class StreamBill
{
    private readonly ConcurrentDictionary<long, long> _due = new();
    private long _answers;

    /// <summary>Answers that began with 2xx: each is a charge, and an entry.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Such an answer has begun: the gateway charges it to its end, whatever becomes of its client.</summary>
    public void Add(int account, StreamOrder order)
    {
        Interlocked.Increment(ref _answers);
        _due.AddOrUpdate(account, order.Tokens, (_, sum) => sum + order.Tokens);
    }

    /// <summary>The accounts of which the ledger says another sum, one line each; of many the first.</summary>
    public IReadOnlyList<string> Differences(IReadOnlyDictionary<long, long> spent) =>
        [.. _due.Keys.Union(spent.Keys).Order()
            .Select(account => (Account: account, Due: _due.GetValueOrDefault(account), Spent: spent.GetValueOrDefault(account)))
            .Where(one => one.Due != one.Spent)
            .Take(10)
            .Select(one => $"account {one.Account} owes {one.Due} credits for its streams, the ledger charged {one.Spent}")];
}
