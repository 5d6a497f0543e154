using System.Buffers.Binary;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Calls.Batching;

namespace MeteringGateway.Tests.Engine.Calls.Batching;

public sealed class BatchRequestTests
{
    [Fact]
    public void Keys_OfABatch_NameEachStateOnce()
    {
        var request = Pack(
            Release(1, "a", account: 1, key: 1), Release(1, "b", account: 1, key: 2), Release(4, "c", account: 3, key: 3),
            Release(4, "d", account: 3, key: 3));
        Assert.Equal(
            ["{p1}:meta", "{p4}:meta", "{p1}:holds", "{p4}:holds", "{p1}:outbox", "{p4}:outbox", "{p1}:a:1", "{p1}:k:1", "{p1}:k:2",
                "{p4}:a:3", "{p4}:k:3"],
            request.Keys.Select(key => (string)key!));
        Assert.Equal(["a", "b", "c", "d"], request.Values.Skip(1).Select(value => (string)value!));
    }

    [Fact]
    public void Keys_OfCommitsAndRecords_AreThereOnceEach()
    {
        var reservation = new Reservation("x", 1, 1, 1, "search", 10, TimeSpan.FromSeconds(30), new IdempotencyTicket("hash", "print"));
        var hold = new Hold("x.2", reservation, default, 0, 0, 6);
        var request = Pack(new ReserveOperation(1, 6, "x", reservation), new CommitOperation(1, 6, hold, 5, true, "{}"));
        Assert.Equal(["{p1}:a:1", "{p1}:k:1", "{p1}:idem:1:hash", "{p1}:c:x"], request.Keys.Skip(3).Select(key => (string)key!));
    }

    [Fact]
    public void Request_PackedAgain_HasNothingOfTheBatchBefore()
    {
        var request = new BatchRequest();
        request.Pack([Release(1, "a", 1, 1), Release(2, "b", 2, 2)], _ => 0, 10);
        request.Pack([Release(3, "c", 3, 3)], _ => 0, 10);
        Assert.Equal(["{p3}:meta", "{p3}:holds", "{p3}:outbox", "{p3}:a:3", "{p3}:k:3"], request.Keys.Select(key => (string)key!));
        Assert.Equal(2, request.Values.Length);
    }

    [Fact]
    public void Header_OfEachPartition_HasItsEpochItsHighWaterMarkAndItsLength()
    {
        var packed = (byte[])Pack(Release(1, "a", 1, 1)).Values[0]!;
        Assert.Equal((1, 1), (Short(0), Short(26)));
        Assert.Equal([10, 6, 1_001], new[] { 2, 10, 18 }.Select(at => BinaryPrimitives.ReadDoubleLittleEndian(packed.AsSpan(at))));
        Assert.Equal(packed.Length - 32, BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(28)));

        int Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(packed.AsSpan(at));
    }

    [Theory]
    [InlineData(70_000)]
    public void Text_AboveItsLength_IsRefusedAndNotCutShort(int length) => Assert.Throws<OverflowException>(() => Pack(new ReserveOperation(
        1, 6, "x", new Reservation("x", 1, 1, 1, new string('s', length), 10, TimeSpan.FromSeconds(30)))));

    private static BatchRequest Pack(params CallOperation[] operations)
    {
        var request = new BatchRequest();
        request.Pack(operations, partition => 1_000 + partition, 10);
        return request;
    }

    private static ReleaseOperation Release(int partition, string hold, long account, long key) =>
        new(partition, 6, hold, account, key, ReleaseMode.Uncharged, reservation: null);
}
