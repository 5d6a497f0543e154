using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Calls.Batching;

/// <summary>
/// Packs operations as batch.lua reads them: by partition, and each account, key and idempotency key once, however many operations name
/// it. Keeps its memory from one batch to the next, which is packed only when this one was answered: the client sends this very memory.
/// One owner.
/// </summary>
internal sealed class BatchRequest
{
    private readonly BatchBuffer _buffer = new();
    private readonly List<RedisKey> _states = [];
    private readonly Dictionary<(int Partition, long Id), int> _accounts = [];
    private readonly Dictionary<(int Partition, long Id), int> _keys = [];
    private readonly Dictionary<string, int> _names = [];

    /// <summary>The keys of the script: all heads, all holds, all outboxes, then the states.</summary>
    public RedisKey[] Keys { get; private set; } = [];

    /// <summary>The arguments of the script: the packed operations, then the hold ids.</summary>
    public RedisValue[] Values { get; private set; } = [];

    /// <param name="operations">Ordered by partition; all of one partition under one epoch.</param>
    /// <param name="writeSequence">The high-water mark of a partition.</param>
    /// <param name="mostEntries">The most entries that an outbox may have before reserves are refused.</param>
    public void Pack(IReadOnlyList<CallOperation> operations, Func<int, long> writeSequence, long mostEntries)
    {
        Clear();
        var count = CountOfPartitions(operations);
        _buffer.Short(count);
        _buffer.Number(mostEntries);
        var values = new RedisValue[operations.Count + 1];
        var served = new List<int>(count);
        for (var i = 0; i < operations.Count;)
        {
            var (first, partition) = (i, operations[i].Partition);
            served.Add(partition);
            while (i < operations.Count && operations[i].Partition == partition)
            {
                i++;
            }

            _buffer.Number(operations[first].Epoch);
            _buffer.Number(writeSequence(partition));
            _buffer.Short(i - first);
            var since = _buffer.LeaveLength();
            for (var at = first; at < i; at++)
            {
                var operation = operations[at];
                values[at + 1] = operation.HoldId;
                _buffer.Byte(operation.Kind);
                _buffer.Short(PlaceOfAccount(operation));
                _buffer.Short(PlaceOfKey(operation));
                operation.Write(this, _buffer);
            }

            _buffer.FillLength(since);
        }

        values[0] = _buffer.Written;
        Values = values;
        Keys = KeysOf(served);
    }

    /// <summary>The place of a string among the states, from 1.</summary>
    public int PlaceOf(string name)
    {
        if (!_names.TryGetValue(name, out var place))
        {
            _states.Add(name);
            _names[name] = place = _states.Count;
        }

        return place;
    }

    /// <summary>The place of a call's idempotency record; 0 without one.</summary>
    public int PlaceOfRecord(int partition, Reservation reservation) => reservation.Idempotency is { } key
        ? PlaceOf(PartitionMap.IdempotencyRecord(partition, reservation.AccountId, key.Hash))
        : 0;

    private int PlaceOfAccount(CallOperation operation)
    {
        var named = (operation.Partition, operation.AccountId);
        if (!_accounts.TryGetValue(named, out var place))
        {
            _states.Add(PartitionMap.Account(operation.Partition, operation.AccountId));
            _accounts[named] = place = _states.Count;
        }

        return place;
    }

    private int PlaceOfKey(CallOperation operation)
    {
        var named = (operation.Partition, operation.KeyId);
        if (!_keys.TryGetValue(named, out var place))
        {
            _states.Add(PartitionMap.Key(operation.Partition, operation.KeyId));
            _keys[named] = place = _states.Count;
        }

        return place;
    }

    private RedisKey[] KeysOf(List<int> partitions)
    {
        var keys = new RedisKey[(3 * partitions.Count) + _states.Count];
        for (var i = 0; i < partitions.Count; i++)
        {
            keys[i] = PartitionMap.Meta(partitions[i]);
            keys[partitions.Count + i] = PartitionMap.Holds(partitions[i]);
            keys[(2 * partitions.Count) + i] = PartitionMap.Outbox(partitions[i]);
        }

        _states.CopyTo(keys, 3 * partitions.Count);
        return keys;
    }

    private static int CountOfPartitions(IReadOnlyList<CallOperation> operations)
    {
        var count = 0;
        for (var i = 0; i < operations.Count; i++)
        {
            count += i == 0 || operations[i].Partition != operations[i - 1].Partition ? 1 : 0;
        }

        return count;
    }

    private void Clear()
    {
        _buffer.Clear();
        _states.Clear();
        _accounts.Clear();
        _keys.Clear();
        _names.Clear();
    }
}
