using System.Globalization;
using BenchmarkDotNet.Attributes;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Benchmarks;

/// <summary>What the flusher does with entries before they are rows.</summary>
public class LedgerBenchmarks
{
    private const int Entries = 500;
    private const int Accounts = 100;

    private readonly string[] _packed = [.. Enumerable.Range(0, Entries).Select(Packed)];
    private readonly PartitionMap _map = new(16);
    private readonly IReadOnlyList<PackedEntry> _batch;
    private readonly Dictionary<long, ChainHead> _heads;

    public LedgerBenchmarks()
    {
        _batch = EntryBatch.Read(_packed).Entries;
        _heads = Enumerable.Range(1, Accounts).ToDictionary(account => (long)account, _ => new ChainHead(7, 1_000_000));
    }

    [Benchmark(Description = "read an entry out of the outbox")]
    public bool TryParse() => OutboxEntry.TryParse(_packed[0], out _, out _);

    [Benchmark(Description = "number 500 entries of 100 accounts")]
    public int Number() => EntryChain.Number(_batch, _heads).Entries.Count;

    [Benchmark(Description = "the partition of an account")]
    public int PartitionOf() => _map.Of(123_456_789);

    [Benchmark(Description = "the Redis keys of an account, its key and its holds")]
    public int Names() => PartitionMap.Account(7, 123_456).Length + PartitionMap.Key(7, 234_567).Length + PartitionMap.Holds(7).Length;

    private static string Packed(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""1795238167575|3|{{(number % Accounts) + 1}}|34|-1|999999|20778|2968|24322|"""
            + $$"""{"id":"r{{number}}","type":"usage","surface":"search","provider":"beta"}""");
}
