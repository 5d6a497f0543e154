using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Tests.Ledger.Flushing;

public sealed class SharedDrainsTests
{
    [Fact]
    public async Task DrainAsync_WhileOneIsUnderWay_SharesTheNextWithAllWhoCome()
    {
        var (begun, ends) = (new List<int>(), new Queue<TaskCompletionSource<bool>>([new(), new(), new()]));
        var starts = new SemaphoreSlim(0);
        var open = ends.ToList();
        var drains = new SharedDrains(2, partition =>
        {
            lock (begun)
            {
                begun.Add(partition);
                starts.Release();
                return ends.Dequeue().Task;
            }
        });

        var first = drains.DrainAsync(1, default);
        await starts.WaitAsync();
        var later = Enumerable.Range(0, 5).Select(_ => drains.DrainAsync(1, default)).ToList();
        var other = drains.DrainAsync(0, default);
        await starts.WaitAsync();
        Assert.Equal([1, 0], begun);

        open[0].SetException(new TimeoutException("cut"));
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await starts.WaitAsync();
        open[1].SetResult(true);
        open[2].SetResult(false);

        Assert.True(await other);
        Assert.DoesNotContain(true, await Task.WhenAll(later));
        Assert.Equal([1, 0, 1], begun);
    }

    [Fact]
    public async Task DrainAsync_OneAfterTheOther_DrainsEachTime()
    {
        var count = 0;
        var drains = new SharedDrains(1, _ => Task.FromResult(++count > 1));
        Assert.False(await drains.DrainAsync(0, default));
        Assert.True(await drains.DrainAsync(0, default));
        Assert.Equal(2, count);
    }

    [Fact]
    public async Task DrainAsync_ACallerThatLeaves_LeavesTheDrainToTheOthers()
    {
        var end = new TaskCompletionSource<bool>();
        var drains = new SharedDrains(1, _ => end.Task);
        using var leaving = new CancellationTokenSource();
        var (leaves, stays) = (drains.DrainAsync(0, leaving.Token), drains.DrainAsync(0, default));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        end.SetResult(true);
        Assert.True(await stays);
    }
}
