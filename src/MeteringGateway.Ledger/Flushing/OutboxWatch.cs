namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Looks at the lengths of all outboxes again and again. A partition whose Redis did not answer is asked on, but its answer is no longer
/// waited for until it has come: one cluster node that is away costs the others a time-out once, and not with every look. One owner.
/// </summary>
internal sealed class OutboxWatch(IOutbox outbox)
{
    private readonly Task<long>?[] _asked = new Task<long>?[outbox.Partitions];
    private readonly Exception?[] _silent = new Exception?[outbox.Partitions];

    public async Task<OutboxLengths> LookAsync(CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < _asked.Length; partition++)
        {
            _asked[partition] ??= AskAsync(partition, cancellationToken);
        }

        await Task.WhenAll(_asked.Where((_, partition) => _silent[partition] is null).OfType<Task>())
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        var lengths = new long?[_asked.Length];
        for (var partition = 0; partition < lengths.Length; partition++)
        {
            if (_asked[partition] is { IsCompleted: true } asked)
            {
                _asked[partition] = null;
                _silent[partition] = asked.IsCompletedSuccessfully
                    ? null
                    : asked.Exception?.InnerException ?? new TaskCanceledException(asked);
                lengths[partition] = asked.IsCompletedSuccessfully ? asked.Result : null;
            }
        }

        return new OutboxLengths(lengths, Array.Find(_silent, reason => reason is not null));
    }

    /// <summary>An exception is in the task, also one that is thrown before the first wait.</summary>
    private async Task<long> AskAsync(int partition, CancellationToken cancellationToken) =>
        await outbox.LengthAsync(partition, cancellationToken);
}
