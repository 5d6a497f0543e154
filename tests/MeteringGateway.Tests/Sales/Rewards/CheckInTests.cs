using MeteringGateway.Sales.Rewards;
using MeteringGateway.Tests.Http.Requests;

namespace MeteringGateway.Tests.Sales.Rewards;

public sealed class CheckInTests
{
    private static readonly CheckInConfig s_current = new(Enabled: true, Amount: 10, StreakBonus: 2, MaxStreakDays: 7);

    /// <summary>What was given now decides; without it, what is known of today.</summary>
    [Theory]
    [InlineData("applied", null, false, "Rewarded")]
    [InlineData("applied", 1, true, "Rewarded")]
    [InlineData("pending", 1, true, "Pending")]
    [InlineData("refused", 1, true, "Refused")]
    [InlineData(null, 1, true, "AlreadyCheckedIn")]
    [InlineData(null, 1, false, "AlreadyCheckedIn")]
    [InlineData(null, null, false, "Disabled")]
    [InlineData(null, null, true, "AlreadyCheckedIn")]
    public void StatusOf_RewardAndDay_IsAsInTheTable(string? reward, int? streak, bool enabled, string status)
    {
        var row = reward is null ? null : new RewardRow
        {
            EntryId = "checkin:7",
            EntryType = "checkin",
            Description = "Check-in",
            Status = reward
        };

        Assert.Equal(status, CheckIn.StatusOf(row, new CheckInDay { Streak = streak, Enabled = enabled }).ToString());
    }

    [Theory]
    [InlineData("{}", true, 10, 2, 7)]
    [InlineData("""{"enabled":false}""", false, 10, 2, 7)]
    [InlineData("""{"amount":1,"streak_bonus":0,"max_streak_days":1}""", true, 1, 0, 1)]
    [InlineData("""{"amount":1000000,"streak_bonus":1000000,"max_streak_days":3650}""", true, 1_000_000, 1_000_000, 3650)]
    public void Read_Change_LeavesWhatIsAbsent(string json, bool enabled, long amount, long bonus, int days) =>
        Assert.Equal(new CheckInConfig(enabled, amount, bonus, days), CheckInConfig.Read(Body.Fields(json), s_current));

    [Theory]
    [InlineData("""{"amount":0,"streak_bonus":-1,"max_streak_days":0}""", "#/amount #/streak_bonus #/max_streak_days")]
    [InlineData("""{"amount":1000001,"streak_bonus":1000001,"max_streak_days":3651}""", "#/amount #/streak_bonus #/max_streak_days")]
    [InlineData("""{"enabled":null,"amount":null}""", "#/enabled #/amount")]
    [InlineData("""{"enabled":"yes","bonus":1}""", "#/enabled #/bonus")]
    public void Read_Wrong_NamesAllOfIt(string json, string pointers)
    {
        var fields = Body.Fields(json);

        Assert.Null(CheckInConfig.Read(fields, s_current));
        Assert.Equal(pointers, Body.Pointers(fields.Errors));
    }
}
