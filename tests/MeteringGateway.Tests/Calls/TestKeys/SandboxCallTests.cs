using MeteringGateway.Calls.TestKeys;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Tests.Calls.Metering;

namespace MeteringGateway.Tests.Calls.TestKeys;

public sealed class SandboxCallTests
{
    [Theory]
    [InlineData("0.01", 100_000)]
    [InlineData("1", 1_000)]
    [InlineData("0.000001", 1_000_000_000)]
    [InlineData("3", 333)]
    [InlineData("1000", 1)]
    [InlineData("1000.01", 0)]
    public void Balance_IsAThousandDollarsInWholeCredits(string usd, long credits) =>
        Assert.Equal(credits, TestKeyCall.Balance(new CreditsOptions
        {
            Usd = decimal.Parse(usd,
            System.Globalization.CultureInfo.InvariantCulture)
        }));

    /// <summary>The balance is 1000; a limit counts for each call alone, whatever its key has spent.</summary>
    [Theory]
    [InlineData(1, -1, 1000, "Reserved")]
    [InlineData(1, -1, 1001, "InsufficientCredits")]
    [InlineData(0, 50, 50, "Reserved")]
    [InlineData(0, 50, 51, "FixedLimit")]
    [InlineData(1, 50, 51, "DailyLimit")]
    [InlineData(2, 50, 51, "WeeklyLimit")]
    [InlineData(3, 50, 51, "MonthlyLimit")]
    [InlineData(Seen.AccountBudget, 50, 51, "Reserved")]
    [InlineData(0, 0, 1, "FixedLimit")]
    [InlineData(0, 50, 1001, "InsufficientCredits")]
    public void Decide_WithoutAScenario_IsByPriceAndLimit(int limit, long most, long price, string status)
    {
        var snapshot = Seen.With((limit, most, 40, 0));
        foreach (var scenario in new[] { TestScenario.None, TestScenario.ProvidersFailed, TestScenario.Slow })
        {
            Assert.Equal(status, TestKeyCall.Decide(scenario, snapshot, price).Status.ToString());
        }
    }

    [Fact]
    public void Decide_InsufficientCredits_HasNoBalance()
    {
        var (status, snapshot) = TestKeyCall.Decide(TestScenario.InsufficientCredits, Seen.With((0, 1, 0, 0)), 5);

        Assert.Equal((ReserveStatus.InsufficientCredits, 0L, 0L), (status, snapshot.Balance, snapshot.Held));
    }

    /// <summary>The first limit that the key has is used up; a price above the balance is said before.</summary>
    [Theory]
    [InlineData(0, 50, 5, "FixedLimit", 0, 50)]
    [InlineData(2, 50, 5, "WeeklyLimit", 2, 50)]
    [InlineData(3, 50, 60, "MonthlyLimit", 3, 50)]
    [InlineData(Seen.AccountBudget, 50, 5, "FixedLimit", 0, 5)]
    public void Decide_KeyLimitExceeded_IsOfTheFirstLimitOrAnInventedOne(int limit, long most, long price, string status, int reached,
        long spent)
    {
        var (found, snapshot) = TestKeyCall.Decide(TestScenario.KeyLimitExceeded, Seen.With((limit, most, 0, 0)), price);

        Assert.Equal(status, found.ToString());
        Assert.Equal((spent, spent, 0L),
            (snapshot.LimitOf(Period.All[reached]).Limit, snapshot.LimitOf(Period.All[reached]).Spent,
                snapshot.LimitOf(Period.All[reached]).Held));
        Assert.Equal(ReserveStatus.InsufficientCredits,
            TestKeyCall.Decide(TestScenario.KeyLimitExceeded, Seen.With((limit, most, 0, 0)), 1001).Status);
    }
}
