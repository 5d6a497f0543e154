using MeteringGateway.Accounts.Payouts;

namespace MeteringGateway.Sales.Rewards;

internal enum CheckInStatus
{
    Rewarded,

    /// <summary>Recorded while Redis is away: the credits come as soon as it is back.</summary>
    Pending,
    AlreadyCheckedIn,
    Disabled,

    /// <summary>The balance can't take the credits; nothing changed, and the day is used up.</summary>
    Refused,
}

/// <summary>The outcome of a check-in. <paramref name="Reward"/> is null where none was given now.</summary>
internal readonly record struct CheckInReply(CheckInStatus Status, CheckInDay Day, RewardRow? Reward);

/// <summary>The daily check-in: once per UTC day of PostgreSQL's clock for a person and for a wallet, however many try at once.</summary>
internal sealed class CheckIn(CheckInStore store, RewardPayout payout)
{
    public async Task<CheckInReply> CheckInAsync(RewardClaim claim, CancellationToken cancellationToken)
    {
        var reward = await store.InsertAsync(claim, cancellationToken);
        if (reward is not null)
        {
            reward = await payout.FinishAsync(reward, CancellationToken.None);
        }

        var today = await store.TodayAsync(claim, CancellationToken.None);
        return new CheckInReply(StatusOf(reward, today), today, reward);
    }

    internal static CheckInStatus StatusOf(RewardRow? reward, CheckInDay today) => reward?.Status switch
    {
        PayoutStatus.Applied => CheckInStatus.Rewarded,
        PayoutStatus.Refused => CheckInStatus.Refused,
        PayoutStatus.Pending => CheckInStatus.Pending,
        // A person that has checked in today is told that, even if check-ins were turned off since.
        _ when today.Streak is not null => CheckInStatus.AlreadyCheckedIn,
        _ when !today.Enabled => CheckInStatus.Disabled,
        // The day ended between the two statements.
        _ => CheckInStatus.AlreadyCheckedIn,
    };
}
