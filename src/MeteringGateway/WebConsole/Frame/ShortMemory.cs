using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace MeteringGateway.WebConsole.Frame;

/// <summary>
/// Keeps what a part of a page shows for a second per account, so that many who look at once, or one who reloads without end, ask the
/// ledger once. Any number of callers at once.
/// </summary>
internal sealed class ShortMemory(TimeProvider time) : IDisposable
{
    /// <summary>A few kilobytes each.</summary>
    private const int Most = 2_000;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _kept = new(Options.Create(new MemoryCacheOptions { SizeLimit = Most, Clock = new Clock(time) }));

    /// <param name="key">What is shown, and to whom: the account, the role, the filters.</param>
    /// <param name="find">Finds it anew.</param>
    public Task<T> GetAsync<T>(object key, Func<Task<T>> find)
        where T : class =>
        _kept.GetOrCreate(key, entry =>
        {
            entry.Size = 1;
            entry.AbsoluteExpirationRelativeToNow = s_lifetime;
            return find();
        })!;

    public void Dispose() => _kept.Dispose();

    private sealed class Clock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
