using System.Globalization;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Tests.Sales.Orders;

public sealed class OrderReplyTests
{
    [Theory]
    [InlineData("pending", "Pending")]
    [InlineData("paid", "Paid")]
    [InlineData("fulfilled", "Fulfilled")]
    [InlineData("declined", "Declined")]
    [InlineData("canceled", "Canceled")]
    public void Reply_OfAnOrder_IsWhatHasBecomeOfIt(string status, string outcome)
    {
        var order = Order(status);

        var reply = new OrderReply(order, isReplay: true);

        Assert.Equal((outcome, order, true), (reply.Outcome.ToString(), reply.Order, reply.IsReplay));
        Assert.Contains(status, OrderStatus.All);
    }

    [Fact]
    public void Reply_OfAnUnknownState_Throws() =>
        Assert.Throws<InvalidOperationException>(() => new OrderReply(Order("shipped"), isReplay: false));

    /// <summary>A customer is sent to pay while the order waits, and not again once it is settled.</summary>
    [Theory]
    [InlineData("pending", "https://pay.example/1")]
    [InlineData("paid", null)]
    [InlineData("fulfilled", null)]
    [InlineData("declined", null)]
    [InlineData("canceled", null)]
    public void Purchase_OfAnOrder_LeadsToItsPageOnlyWhileItIsPending(string status, string? url)
    {
        var purchase = Purchase.Of(Order(status) with { PaymentUrl = "https://pay.example/1" });

        Assert.Equal((7L, "order:7", status, url), (purchase.Id, purchase.ExternalReference, purchase.Status, purchase.PaymentUrl));
    }

    /// <summary>The hash tells a repeat from another request: by every value, its place and nothing else.</summary>
    [Fact]
    public void HashOf_WhatWasAskedFor_DiffersWithEveryPart()
    {
        string[] hashes =
        [
            NewOrder.HashOf("top_up", 2500L), NewOrder.HashOf("top_up", 2501L), NewOrder.HashOf("auto_recharge", 2500L),
            NewOrder.HashOf(2500L, "top_up"),
            NewOrder.HashOf("top_up", 2500L, null), NewOrder.HashOf("top_up2500"), NewOrder.HashOf("top_up", null), NewOrder.HashOf(),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(hashes[0], NewOrder.HashOf("top_up", 2500L));
        Assert.All(hashes, hash => Assert.Matches("^[0-9a-f]{64}$", hash));
    }

    /// <summary>A number reads the same in every culture, or a gateway elsewhere would take a repeat for another request.</summary>
    [Fact]
    public void HashOf_InAnotherCulture_IsTheSame()
    {
        var here = NewOrder.HashOf("top_up", -2500L, 0.5m);
        var before = CultureInfo.CurrentCulture;
        try
        {
            var elsewhere = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (elsewhere.NumberFormat.NegativeSign, elsewhere.NumberFormat.NumberDecimalSeparator) = ("minus ", ",");
            CultureInfo.CurrentCulture = elsewhere;
            Assert.Equal(here, NewOrder.HashOf("top_up", -2500L, 0.5m));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static OrderRow Order(string status) =>
        new() { Id = 7, Kind = OrderKind.Package, Status = status, Currency = "USD", Description = "Package Ten", Channel = "stripe" };
}
