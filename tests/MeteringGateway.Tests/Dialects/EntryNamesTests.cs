using MeteringGateway.Dialects;

namespace MeteringGateway.Tests.Dialects;

public sealed class EntryNamesTests
{
    [Theory]
    [InlineData("usage", -5, "Deduction USAGE_DEBIT deduction")]
    [InlineData("purchase", 5, "Purchase CREDIT_PURCHASE top_up")]
    [InlineData("subscription", 5, "Purchase CREDIT_PURCHASE top_up")]
    [InlineData("refund", -5, "Refund REFUND_DEBIT refund")]
    [InlineData("refund", 5, "Refund SUPPORT_CREDIT refund")]
    [InlineData("reversal", 5, "Refund SUPPORT_CREDIT refund")]
    [InlineData("bonus", 5, "Bonus SUPPORT_CREDIT top_up")]
    [InlineData("bonus", -5, "Deduction REFUND_DEBIT deduction")]
    [InlineData("support", -5, "Deduction REFUND_DEBIT deduction")]
    [InlineData("adjustment", 5, "Bonus SUPPORT_CREDIT top_up")]
    [InlineData("adjustment", -5, "Deduction REFUND_DEBIT deduction")]
    [InlineData("expiry", -5, "Deduction REFUND_DEBIT deduction")]
    public void Of_EachTypeWithEachSign_HasANameOfThatSign(string type, long delta, string names)
    {
        var name = EntryNames.Of(type, delta);
        Assert.Equal(names, $"{name.Dessert} {name.Conduit} {name.Wren}");
        Assert.Equal((type == "usage" ? "ai_usage" : type, type), (name.Billing, name.Kendr));
    }
}
