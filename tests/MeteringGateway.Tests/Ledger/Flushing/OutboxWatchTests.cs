using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Tests.Ledger.Flushing;

public sealed class OutboxWatchTests
{
    [Fact]
    public async Task Look_APartitionThatWasSilent_IsNotWaitedForUntilItHasAnswered()
    {
        var outbox = new Lengths(Task.FromResult(3L), Task.FromException<long>(new TimeoutException("cut")));
        var watch = new OutboxWatch(outbox);
        var cut = await watch.LookAsync(default);
        Assert.Equal([3L, null], cut.Lengths);
        Assert.IsType<TimeoutException>(cut.Away);

        // Its answer takes as long as it likes; the other's is not late for it.
        var answer = new TaskCompletionSource<long>();
        outbox.Answers[1] = answer.Task;
        var waits = await watch.LookAsync(default);
        Assert.Equal([3L, null], waits.Lengths);
        Assert.IsType<TimeoutException>(waits.Away);

        answer.SetResult(5);
        OutboxLengths back;
        do
        {
            await Task.Yield();
            back = await watch.LookAsync(default);
        }
        while (back.Lengths[1] is null);

        Assert.Equal([3L, 5L], back.Lengths);
        Assert.Null(back.Away);
    }

    private sealed class Lengths(params Task<long>[] answers) : IOutbox
    {
        public Task<long>[] Answers { get; } = answers;
        public int Partitions => Answers.Length;

        public Task<long> LengthAsync(int partition, CancellationToken cancellationToken) => Answers[partition];

        public Task<IReadOnlyList<string>> ReadAsync(int partition, int count, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task TrimAsync(
            int partition, IReadOnlyList<string> written, IReadOnlyList<(long AccountId, string EntryId)> creditEntryIds,
            long writeSequence, CancellationToken cancellationToken) => throw new NotSupportedException();

        public long WriteSequence(int partition) => 0;
    }
}
