using MeteringGateway.Accounts.Payouts;

namespace MeteringGateway.Sales.Rewards;

internal static class RewardsRegistration
{
    /// <summary>After AddLedger and AddEngine, with the data source from elsewhere.</summary>
    public static IServiceCollection AddRewards(this IServiceCollection services) => services
        .AddSingleton<CheckInStore>()
        .AddSingleton<CheckIn>()
        .AddSingleton<CouponStore>()
        .AddSingleton<RewardClaimant>()
        .AddSingleton<CouponThrottle>()
        .AddSingleton<Coupons>()
        .AddPayouts<RewardPayout, RewardRow>("Paying rewards");
}
