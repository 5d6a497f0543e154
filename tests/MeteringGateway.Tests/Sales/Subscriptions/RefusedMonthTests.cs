using MeteringGateway.Accounts.Notices;
using MeteringGateway.Sales.Subscriptions;

namespace MeteringGateway.Tests.Sales.Subscriptions;

public sealed class RefusedMonthTests
{
    private static readonly DateTimeOffset s_retry = new(2026, 3, 2, 1, 30, 0, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("The card has expired.", true, "The card has expired. It is tried again at 2026-03-01T23:30:00Z.")]
    [InlineData("The card has expired.", false, "The card has expired.")]
    [InlineData(null, true, "The payment was declined. It is tried again at 2026-03-01T23:30:00Z.")]
    [InlineData(null, false, "The payment was declined.")]
    public void Notice_OfARefusal_SaysWhyAndWhenItIsTriedAgain(string? refusal, bool isRetried, string reason)
    {
        var month = new SubscriptionMonths.RefusedMonth
        {
            AccountId = 7,
            OrderId = 9,
            Status = "past_due",
            Refusal = refusal,
            RetryAt = isRetried ? s_retry : null,
        };

        Assert.Equal(reason, month.Notice(NoticeTypes.SubscriptionPaymentFailed).Reason);
        Assert.Equal(
            "The subscription has ended: its payment was refused each time.", month.Notice(NoticeTypes.SubscriptionEnded).Reason);
    }
}
