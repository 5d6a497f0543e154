using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace MeteringGateway.WebConsole.Frame;

/// <summary>
/// Keeps what a part of a page shows for a second per account, so that many who look at once, or one who reloads without end, ask the
/// ledger once. What failed is not kept: a visitor that leaves in the middle takes nothing from the next. Any number of callers at once.
/// </summary>
internal sealed class ShortMemory(TimeProvider time) : IDisposable
{
    /// <summary>In rows of some hundred bytes each.</summary>
    private const int Most = 200_000;

    /// <summary>Of what is no list.</summary>
    private const int UsualRows = 20;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _kept = new(Options.Create(new MemoryCacheOptions
    {
        SizeLimit = Most,
        Clock = new Clock(time),
        ExpirationScanFrequency = s_lifetime,
    }));

    /// <param name="key">What is shown, and to whom: the account, the role, the filters.</param>
    /// <param name="find">Finds it anew, in the name of this caller.</param>
    /// <param name="rows">How large it is; null: of the usual size.</param>
    public async Task<T> GetAsync<T>(object key, Func<Task<T>> find, Func<T, int>? rows = null)
        where T : class
    {
        if (_kept.TryGetValue(key, out Task<T>? task))
        {
            try
            {
                return await task!;
            }
            catch (Exception)
            {
                // It was found out in another's name, who may have left: it says nothing about this caller's own look.
                return await find();
            }
        }

        task = find();
        _ = _kept.Set(key, task, new MemoryCacheEntryOptions { Size = UsualRows, AbsoluteExpirationRelativeToNow = s_lifetime });
        try
        {
            var found = await task;
            if (rows is not null)
            {
                _ = _kept.Set(key, task, new MemoryCacheEntryOptions { Size = rows(found), AbsoluteExpirationRelativeToNow = s_lifetime });
            }

            return found;
        }
        catch (Exception)
        {
            _kept.Remove(key);
            throw;
        }
    }

    public void Dispose() => _kept.Dispose();

    private sealed class Clock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
