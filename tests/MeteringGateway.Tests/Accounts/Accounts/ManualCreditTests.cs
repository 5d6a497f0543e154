using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Tests.Http.Requests;

namespace MeteringGateway.Tests.Accounts.Accounts;

public sealed class ManualCreditTests
{
    /// <summary>Each type with each sign: a gift takes nothing away.</summary>
    [Theory]
    [InlineData("support", 1, true)]
    [InlineData("support", -1, false)]
    [InlineData("bonus", 1, true)]
    [InlineData("bonus", -1, false)]
    [InlineData("refund", 1, true)]
    [InlineData("refund", -1, true)]
    [InlineData("adjustment", 1, true)]
    [InlineData("adjustment", -1, true)]
    [InlineData("adjustment", 0, false)]
    [InlineData("adjustment", 1_000_000_000_000, true)]
    [InlineData("adjustment", 1_000_000_000_001, false)]
    [InlineData("adjustment", -1_000_000_000_000, true)]
    [InlineData("adjustment", -1_000_000_000_001, false)]
    [InlineData("usage", 1, false)]
    public void Read_EachTypeAndAmount_IsTakenOrNamed(string type, long amount, bool isTaken)
    {
        var fields = Body.Fields($$"""{"account_id":7,"amount":{{amount}},"type":"{{type}}","description":"For the outage"}""");

        var credit = ManualCredit.Read(fields);

        Assert.Equal(isTaken ? new ManualCredit(7, amount, type, "For the outage", null) : null, credit);
        Assert.Equal(isTaken ? "" : type == "usage" ? "#/type" : "#/amount", Body.Pointers(fields.Errors));
    }

    /// <summary>The same reference with another wish is a slip, not a repeat.</summary>
    [Fact]
    public void IsOf_ARepeat_IsTheSameInEveryPart()
    {
        var wish = new ManualCredit(7, 50, "bonus", "Welcome", "crm-1");
        var row = new ManualCreditRow
        {
            Id = 3,
            AccountId = 7,
            Amount = 50,
            Type = "bonus",
            Description = "Welcome",
            Reference = "crm-1",
            Status = "applied",
            BalanceAfter = 50,
        };

        Assert.True(row.IsOf(wish));
        Assert.All(
            [
                wish with { AccountId = 8 }, wish with { Amount = 51 }, wish with { Type = "support" },
                wish with { Description = "welcome" },
                wish with { Reference = null },
            ],
            other => Assert.False(row.IsOf(other)));
    }
}
