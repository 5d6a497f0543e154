using System.Collections.Immutable;
using System.Globalization;

namespace MeteringGateway.Engine.Loading.Batches;

/// <summary>
/// Which accounts may have an entry in a partition's outbox: each look reads only what was appended since the one before, and not the
/// whole outbox at every load. An account whose entry was trimmed since may still be listed, and is flushed once more than it needs; one
/// that has an entry is never left out. Immutable.
/// </summary>
internal sealed class OutboxLook
{
    /// <summary>Bounds the memory, 100 bytes each: a look that lists more is forgotten, and the next one reads the whole outbox.</summary>
    private const int MostAccounts = 4_096;

    private readonly ImmutableHashSet<string> _accounts;

    private OutboxLook(long epoch, string newestEntry, ImmutableHashSet<string> accounts) =>
        (Epoch, NewestEntry, _accounts) = (epoch, newestEntry, accounts);

    /// <summary>A recovery empties the outbox, and a Redis that came back older may have entries again that were gone.</summary>
    public long Epoch { get; }

    /// <summary>What is appended behind this entry is not looked at yet; empty: nothing is.</summary>
    public string NewestEntry { get; }

    /// <summary>Nothing was looked at yet in this epoch.</summary>
    public static OutboxLook None(long epoch) => new(epoch, "", ImmutableHashSet<string>.Empty);

    /// <summary>This look and what was found since; null where that can't be said.</summary>
    public OutboxLook? Next(WaitingAnswer answer) => answer.Status switch
    {
        WaitingStatus.Whole => new OutboxLook(Epoch, answer.NewestEntry, [.. answer.Accounts]),
        WaitingStatus.Newer => new OutboxLook(Epoch, answer.NewestEntry, _accounts.Union(answer.Accounts)),
        _ => null,
    };

    /// <summary>What the next look begins with.</summary>
    public OutboxLook Remembered() => _accounts.Count > MostAccounts ? None(Epoch) : this;

    public bool MayHave(long accountId) => _accounts.Contains(accountId.ToString(CultureInfo.InvariantCulture));
}
