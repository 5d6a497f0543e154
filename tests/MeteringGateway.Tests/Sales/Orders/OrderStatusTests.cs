using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Tests.Sales.Orders;

public sealed class OrderStatusTests
{
    /// <summary>Every pair: rows from, columns to, in the order of <see cref="OrderStatus.All"/>.</summary>
    [Theory]
    [InlineData("pending", "-x-xx")]
    [InlineData("paid", "--x--")]
    [InlineData("fulfilled", "-----")]
    [InlineData("declined", "-x---")]
    [InlineData("canceled", "-x---")]
    public void Transition_OfEveryPair_IsAsInTheTable(string from, string to) =>
        Assert.Equal(to, string.Concat(OrderStatus.All.Select(status => OrderStatus.Before(status).Contains(from) ? 'x' : '-')));

    [Fact]
    public void Before_AnUnknownState_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => OrderStatus.Before("shipped"));

    [Theory]
    [InlineData("order:18", 18L)]
    [InlineData("order:", null)]
    [InlineData("order:-1", null)]
    [InlineData("order: 1", null)]
    [InlineData("order:99999999999999999999", null)]
    [InlineData("manual:1", null)]
    [InlineData(null, null)]
    public void IdOf_AReference_ReadsOnlyItsOwn(string? reference, long? id) => Assert.Equal(id, OrderRow.IdOf(reference));
}
