using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>A send of a commit that is still on its way: it will claim the epoch that it was sent under.</summary>
internal readonly record struct DelayedSend(long Epoch, long Price, bool Again);

/// <summary>
/// What a gateway knows of one of its calls. It keeps to what <c>CallCredits</c> does: a first send of a commit once,
/// later ones as sent again, until the ledger is known not to have the charge.
/// </summary>
internal sealed class ModelCall(string id, ModelKey key, long amount, long lifetime, long secret)
{
    public string Id { get; } = id;
    public ModelKey Key { get; } = key;
    public long Amount { get; } = amount;
    public long Lifetime { get; } = lifetime;
    public long Secret { get; } = secret;

    /// <summary>The windows of the reservation; null until an answer was read.</summary>
    public SpendWindows? Windows { get; set; }
    public long Deadline { get; set; }
    public long Epoch { get; set; }

    /// <summary>A send of the commit was made, whatever became of it.</summary>
    public bool Tried { get; set; }

    /// <summary>A send of the commit may have taken effect.</summary>
    public bool Again { get; set; }

    /// <summary>The epoch under which the ledger was found not to have the charge: its word is worth nothing under a later one.</summary>
    public long? UnchargedUnder { get; set; }

    /// <summary>Does a send made now have to say that an earlier one may have taken effect?</summary>
    public bool IsAgain(long epoch) => Again || (UnchargedUnder is { } then && then != epoch);

    /// <summary>The gateway has the outcome and sends nothing any more.</summary>
    public bool Over { get; set; }
    public List<DelayedSend> Delayed { get; } = [];
}
