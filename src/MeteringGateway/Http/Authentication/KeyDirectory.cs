using System.Collections.Concurrent;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// Finds the key that a secret is of: in memory, else in PostgreSQL. It never decides about revocation, expiry, rotation or suspension,
/// which the reserve script reads from Redis on every call; so what it remembers can be old without harm, and it keeps working while
/// PostgreSQL is away. Any number of callers at once.
/// </summary>
internal sealed class KeyDirectory(
    KeyReader reader, IOptions<ClientOptions> options, TimeProvider time, ILogger<KeyDirectory> logger)
{
    /// <summary>
    /// How long a found key is taken as found without asking again; up to twice as long, so that keys which were asked for together are
    /// not asked for together again. What a secret is of never changes; what is asked is whether it is still there.
    /// </summary>
    private static readonly TimeSpan FoundFor = TimeSpan.FromMinutes(10);

    /// <summary>Short, for a key may be made right after it was asked for.</summary>
    private static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(5);
    private const int LookupSeconds = 5;

    // Unknown secrets have a cache of their own, so that a flood of them can't push out real keys.
    private readonly GenerationCache<Entry> _found = new(options.Value.RememberedKeys);
    private readonly GenerationCache<Entry> _unknown = new(10_000);
    private readonly ConcurrentDictionary<SecretHash, Lazy<Task<KeyLookup>>> _flights = new();

    public ValueTask<KeyLookup> FindAsync(ApiKeySecret secret, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        if (_found.TryGet(secret.Hash, out var found))
        {
            if (now >= found.AskAgainAt)
            {
                // Asked again beside the request, not before it: nothing on a request's way waits for PostgreSQL.
                _ = Flight(secret.Hash);
            }

            return new ValueTask<KeyLookup>(found.Lookup);
        }

        if (_unknown.TryGet(secret.Hash, out var unknown) && now < unknown.AskAgainAt)
        {
            return new ValueTask<KeyLookup>(KeyLookup.Unknown);
        }

        return new ValueTask<KeyLookup>(Flight(secret.Hash).WaitAsync(cancellationToken));
    }

    /// <summary>Whether the key was found before; asks nobody.</summary>
    public bool Remembers(ApiKeySecret secret) => _found.TryGet(secret.Hash, out _);

    private Task<KeyLookup> Flight(SecretHash hash) =>
        _flights.GetOrAdd(hash, static (hash, self) => new Lazy<Task<KeyLookup>>(() => self.LookUpAsync(hash)), this).Value;

    private async Task<KeyLookup> LookUpAsync(SecretHash hash)
    {
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(LookupSeconds), time);
            return await AskAsync(hash, deadline.Token);
        }
        catch (Exception e) when (RetryLoop.IsAway(e) || e is OperationCanceledException)
        {
            logger.LogWarning("A key could not be looked up, PostgreSQL is away: {Reason}", e.Message);
            if (_found.TryGet(hash, out var known))
            {
                _found.Set(hash, known with { AskAgainAt = Until(RetryAfterFailure) });
            }

            return KeyLookup.Unavailable;
        }
        finally
        {
            _flights.TryRemove(hash, out _);
        }
    }

    private async Task<KeyLookup> AskAsync(SecretHash hash, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(hash, cancellationToken) is not { } identity)
        {
            _found.Remove(hash);
            _unknown.Set(hash, new Entry(KeyLookup.Unknown, Until(UnknownFor)));
            return KeyLookup.Unknown;
        }

        var lookup = new KeyLookup(KeyLookupStatus.Found, identity);
        _found.Set(hash, new Entry(lookup, Until(FoundFor * (1 + (hash.B / (double)ulong.MaxValue)))));
        return lookup;
    }

    private long Until(TimeSpan span) => time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency);

    private readonly record struct Entry(KeyLookup Lookup, long AskAgainAt);
}
