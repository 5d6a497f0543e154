using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Tests.Http.Authentication;

public sealed class GenerationCacheTests
{
    [Fact]
    public void Set_ManyMoreThanCapacity_KeepsTheUsedOneAndTheNewest()
    {
        var cache = new GenerationCache<int>(100);
        var used = Hash(0);
        cache.Set(used, 42);
        for (ulong i = 1; i <= 1_000; i++)
        {
            cache.Set(Hash(i), (int)i);
            Assert.True(cache.TryGet(used, out var value));
            Assert.Equal(42, value);
        }

        Assert.True(cache.TryGet(Hash(1_000), out _));
        Assert.False(cache.TryGet(Hash(1), out _));
        Assert.InRange(Enumerable.Range(0, 1_001).Count(i => cache.TryGet(Hash((ulong)i), out _)), 1, 100);
    }

    [Fact]
    public void Remove_Entry_IsGoneFromBothGenerations()
    {
        var cache = new GenerationCache<int>(4);
        cache.Set(Hash(1), 1);
        cache.Set(Hash(2), 2);
        cache.Set(Hash(3), 3);

        cache.Remove(Hash(1));

        Assert.False(cache.TryGet(Hash(1), out _));
    }

    private static SecretHash Hash(ulong n) => new(n, 0, 0, 0);
}
