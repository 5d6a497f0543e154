using System.Collections.Concurrent;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// A bounded map by secret hash. Two generations: when the young one is full it becomes the old one and what was old is gone;
/// what is used again moves up. Both look-up and eviction cost the same at any size. Any number of callers at once.
/// </summary>
internal sealed class GenerationCache<TValue>(int capacity)
{
    private volatile Generations _generations = new([], []);

    public bool TryGet(SecretHash hash, out TValue? value)
    {
        var generations = _generations;
        if (generations.Young.TryGetValue(hash, out value))
        {
            return true;
        }

        if (!generations.Old.TryGetValue(hash, out value))
        {
            return false;
        }

        Set(hash, value);
        return true;
    }

    public void Set(SecretHash hash, TValue value)
    {
        var generations = _generations;
        if (generations.Young.ContainsKey(hash))
        {
            generations.Young[hash] = value;
            return;
        }

        // Each generation holds half, so that both together never exceed the capacity by more than the racing writers.
        if (Interlocked.Increment(ref generations.Count) > capacity / 2)
        {
            var next = new Generations([], generations.Young) { Count = 1 };
            Interlocked.CompareExchange(ref _generations, next, generations);
            generations = _generations;
        }

        generations.Young[hash] = value;
    }

    public void Remove(SecretHash hash)
    {
        var generations = _generations;
        generations.Young.TryRemove(hash, out _);
        generations.Old.TryRemove(hash, out _);
    }

    private sealed class Generations(ConcurrentDictionary<SecretHash, TValue> young, ConcurrentDictionary<SecretHash, TValue> old)
    {
        public ConcurrentDictionary<SecretHash, TValue> Young { get; } = young;
        public ConcurrentDictionary<SecretHash, TValue> Old { get; } = old;
        public int Count;
    }
}
