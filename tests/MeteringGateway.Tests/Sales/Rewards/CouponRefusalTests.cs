using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Sales.Rewards;

namespace MeteringGateway.Tests.Sales.Rewards;

public sealed class CouponRefusalTests
{
    private static readonly DateTime s_now = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly CouponRow s_coupon = new() { Id = 3, Code = "WELCOME", Credits = 50, MaxUses = 2 };

    /// <summary>Seconds from now on: valid from its start on and before its end.</summary>
    [Theory]
    [InlineData(null, null, 0, null)]
    [InlineData(0, null, 0, null)]
    [InlineData(1, null, 0, "NotStarted")]
    [InlineData(null, 1, 0, null)]
    [InlineData(null, 0, 0, "Expired")]
    [InlineData(-5, 5, 1, null)]
    [InlineData(null, null, 2, "UsedUp")]
    [InlineData(null, null, 3, "UsedUp")]
    [InlineData(1, null, 2, "NotStarted")]
    [InlineData(null, 0, 2, "Expired")]
    public void Refusal_AtEachBound_IsTheFirstThatStandsInTheWay(int? starts, int? ends, int uses, string? refusal)
    {
        var coupon = s_coupon with { StartsAt = At(starts), ExpiresAt = At(ends), Uses = uses };

        Assert.Equal(refusal, CouponStore.Refusal(coupon, null, s_now)?.ToString());
    }

    /// <summary>An account that has the coupon is told so, also when it has ended since.</summary>
    [Fact]
    public void Refusal_OfWhoHasItAlready_IsThat()
    {
        var taken = new RewardRow
        {
            EntryId = "coupon:3:7",
            EntryType = "coupon",
            Description = "Coupon WELCOME",
            Status = PayoutStatus.Applied
        };

        Assert.Equal(RedeemStatus.AlreadyRedeemed, CouponStore.Refusal(s_coupon, taken, s_now));
        Assert.Equal(RedeemStatus.AlreadyRedeemed, CouponStore.Refusal(s_coupon with { ExpiresAt = At(0), Uses = 2 }, taken, s_now));
    }

    private static DateTimeOffset? At(int? seconds) => seconds is { } some ? new DateTimeOffset(s_now.AddSeconds(some)) : null;
}
