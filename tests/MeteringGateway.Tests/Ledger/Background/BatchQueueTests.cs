using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Tests.Ledger.Background;

public sealed class BatchQueueTests
{
    [Fact]
    public void Items_ThatComeWhileABatchIsUnderWay_TravelTogetherInTheirOrder()
    {
        var queue = new BatchQueue<int>(mostUnderWay: 1, mostInBatch: 10, mostWaiting: 10);
        Assert.True(queue.TryAdd(1, out var mayStart) && mayStart);
        Assert.Equal([1], queue.Take()!);
        Assert.True(queue.TryAdd(2, out mayStart) && !mayStart);
        Assert.True(queue.TryAdd(3, out mayStart) && !mayStart);
        Assert.Equal([2, 3], queue.Take()!);
        Assert.Null(queue.Take());
        Assert.True(queue.TryAdd(4, out mayStart) && mayStart);
    }

    [Fact]
    public void Batch_OfMoreThanItMayHave_LeavesTheRestInItsOrder()
    {
        var queue = new BatchQueue<int>(1, mostInBatch: 2, mostWaiting: 10);
        for (var item = 1; item <= 5; item++)
        {
            Assert.Equal((true, item == 1), (queue.TryAdd(item, out var mayStart), mayStart));
        }

        Assert.Equal([1, 2], queue.Take()!);
        Assert.Equal([3, 4], queue.Take()!);
        Assert.Equal([5], queue.Take()!);
        Assert.Null(queue.Take());
    }

    [Fact]
    public void Places_UnderWay_AreAsManyAsWereSaidAndGivenBack()
    {
        var queue = new BatchQueue<int>(mostUnderWay: 2, 10, 10);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(item => queue.TryAdd(item, out var mayStart) && mayStart));
        Assert.Equal([0, 1, 2], queue.Take()!);
        Assert.Null(queue.Take());
        Assert.True(queue.TryAdd(3, out var free) && free);
    }

    [Fact]
    public void Item_AboveTheBound_IsRefusedAndNothingIsStarted()
    {
        var queue = new BatchQueue<int>(1, 10, mostWaiting: 2);
        queue.TryAdd(1, out _);
        queue.TryAdd(2, out _);
        Assert.False(queue.TryAdd(3, out var mayStart));
        Assert.False(mayStart);
        Assert.Equal([1, 2], queue.TakeAll());
        Assert.Empty(queue.TakeAll());
    }
}
