using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.FunctionalTests.Ledger;

/// <summary>An outbox at the boundary to Redis that can be told to fail at each of its steps.</summary>
internal sealed class ListOutbox(int partitions) : IOutbox
{
    private readonly List<string>[] _lists = [.. Enumerable.Range(0, partitions).Select(_ => new List<string>())];
    private readonly Lock _lock = new();

    public Func<Task>? BeforeRead { get; set; }
    public Func<Task>? BeforeTrim { get; set; }

    /// <summary>Partitions whose Redis answers but writes nothing, as one does whose disk is full.</summary>
    public IReadOnlyCollection<int> ReadOnly { get; set; } = [];

    /// <summary>Partitions whose Redis answers nothing.</summary>
    public IReadOnlyCollection<int> Silent { get; set; } = [];
    public List<string> ExpiredMarkers { get; } = [];
    public long Gen { get; set; }

    public void Push(int partition, params IEnumerable<string> entries)
    {
        lock (_lock)
        {
            _lists[partition].AddRange(entries);
        }
    }

    public int Count(int partition)
    {
        lock (_lock)
        {
            return _lists[partition].Count;
        }
    }

    public int Partitions => partitions;

    public Task<long> LengthAsync(int partition, CancellationToken cancellationToken) => Task.FromResult((long)Count(partition));

    public async Task<IReadOnlyList<string>> ReadAsync(int partition, int count, CancellationToken cancellationToken)
    {
        await (BeforeRead?.Invoke() ?? Task.CompletedTask);
        if (Silent.Contains(partition))
        {
            throw new StoreUnavailableException("no answer");
        }

        lock (_lock)
        {
            return [.. _lists[partition].Take(count)];
        }
    }

    public async Task TrimAsync(
        int partition, IReadOnlyList<string> written, IReadOnlyList<(long AccountId, string EntryId)> creditEntryIds, long writeSequence,
        CancellationToken cancellationToken)
    {
        await (BeforeTrim?.Invoke() ?? Task.CompletedTask);
        if (ReadOnly.Contains(partition))
        {
            throw new StoreUnavailableException("MISCONF");
        }

        lock (_lock)
        {
            if (_lists[partition].FirstOrDefault() == written[0])
            {
                _lists[partition].RemoveRange(0, written.Count);
                ExpiredMarkers.AddRange(creditEntryIds.Select(c => c.EntryId));
            }
        }
    }

    public long WriteSequence(int partition) => Gen;
}
