using MeteringGateway.Accounts.Payouts;

namespace MeteringGateway.Sales.Rewards;

internal enum RedeemStatus
{
    Redeemed,

    /// <summary>Recorded while Redis is away: the credits come as soon as it is back.</summary>
    Pending,
    UnknownCoupon,
    AlreadyRedeemed,
    NotStarted,
    Expired,
    UsedUp,

    /// <summary>The balance can't take the credits. The use stays this account's, who may redeem again.</summary>
    Refused,
}

internal readonly record struct RedeemReply(RedeemStatus Status, CouponRow? Coupon, RewardRow? Reward);

/// <summary>Redeems coupons: once a person and once a wallet, and never more often than the coupon says.</summary>
internal sealed class Coupons(CouponStore store, RewardPayout payout)
{
    public async Task<RedeemReply> RedeemAsync(string code, RewardClaim claim, CancellationToken cancellationToken)
    {
        var taken = await store.TakeAsync(code, claim, cancellationToken);
        if (taken is not { Status: RedeemStatus.Pending, Reward: { } pending })
        {
            return taken;
        }

        var reward = await payout.FinishAsync(pending, CancellationToken.None);
        var status = reward.Status switch
        {
            PayoutStatus.Applied => RedeemStatus.Redeemed,
            PayoutStatus.Refused => RedeemStatus.Refused,
            _ => RedeemStatus.Pending,
        };
        return taken with { Status = status, Reward = reward };
    }
}
