using System.Threading.Tasks.Sources;

namespace MeteringGateway.Engine.Calls.Batching;

/// <summary>
/// One operation on a call's credits on its way through a lane, and the promise of its answer, which is awaited once. The layout of each
/// is in batch.lua.
/// </summary>
/// <param name="Partition">The account's partition.</param>
/// <param name="Epoch">The only epoch under which the operation may run.</param>
internal abstract class CallOperation(int Partition, long Epoch, string holdId, long accountId, long keyId) : IValueTaskSource<CallAnswer>
{
    private ManualResetValueTaskSourceCore<CallAnswer> _answer;

    public int Partition { get; } = Partition;

    public long Epoch { get; } = Epoch;

    public string HoldId { get; } = holdId;

    public long AccountId { get; } = accountId;

    public long KeyId { get; } = keyId;

    public ValueTask<CallAnswer> Answer => new(this, _answer.Version);

    /// <summary>The number of the kind in batch.lua.</summary>
    public abstract int Kind { get; }

    /// <summary>The fault point between the send and the answer.</summary>
    public abstract string SentPoint { get; }

    /// <summary>What begins a call, with a hold or without: it is refused under memory pressure.</summary>
    public virtual bool Holds => false;

    /// <summary>Does the answer of that code have a snapshot behind it?</summary>
    public virtual bool HasSnapshot(int code) => false;

    /// <summary>Does an idempotency record come with the answer of that code?</summary>
    public virtual bool HasRecord(int code) => false;

    /// <summary>Is it one of the operation's own answers?</summary>
    public abstract bool Knows(int code);

    /// <summary>Writes what follows the kind and the places of account and key.</summary>
    public abstract void Write(BatchRequest batch, BatchBuffer buffer);

    /// <param name="answer">What the caller gets.</param>
    /// <param name="inline">Continue the caller on this thread, which must have nothing else to do; otherwise on the thread pool.</param>
    public void Complete(CallAnswer answer, bool inline = false)
    {
        _answer.RunContinuationsAsynchronously = !inline;
        _answer.SetResult(answer);
    }

    CallAnswer IValueTaskSource<CallAnswer>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<CallAnswer>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<CallAnswer>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);
}
