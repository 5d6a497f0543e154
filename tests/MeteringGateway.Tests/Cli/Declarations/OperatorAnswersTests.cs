using System.Text.Json;
using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.Keys;
using MeteringGateway.Cli;
using MeteringGateway.Cli.Declarations;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Tests.Cli.Declarations;

/// <summary>The client's records and the answers of the operator API are two; here they are held together, field by field.</summary>
public sealed class OperatorAnswersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private static AccountView Account => new(1, "ada@example.com", "Ada", "team", "active", 12, null, Now);

    private static KeyView Key => new(
        1, 2, "first", "mg_live_Ab3dEf", "live", "active", null, null, null, Now,
        [new LimitView("RECURRING", "DAILY", 5, null, null, null, null)]);

    [Fact]
    public void Account_IsShownAsItCame()
    {
        AssertSame<AccountAnswer>(Account);
        AssertSame<AccountAnswer>(Account with
        {
            MonthlyBudget = 7,
            PendingCredits = 3,
            HeldCredits = 4,
            Budget = new BudgetView(7, 1, 2, 4, Now),
            LowBalanceMark = 9,
        });
        AssertSame<AccountAnswer>(Read<AccountsAnswer>(new AccountPage([Account], 1, 200, 0)).Accounts[0], Account);
    }

    [Fact]
    public void Key_IsShownAsItCame()
    {
        AssertSame<KeyAnswer>(Key);
        AssertSame<KeyAnswer>(Key with
        {
            Surfaces = ["search"],
            RateLimitPerMinute = 60,
            ExpiresAt = Now,
            Limits = [new LimitView("FIXED", null, 5, 1, 2, 2, Now)],
            SpendingLimit = 5,
            SpendingType = "FIXED",
            SpendingPeriod = "DAILY",
            PreviousSecretUntil = Now,
            Key = "mg_live_whole",
            MadeBy = new KeyMaker(2, "ada@example.com"),
        });
        AssertSame<KeyAnswer>(Read<KeysAnswer>(new KeyPage([Key], 1, 200, 0)).Keys[0], Key);
        Assert.Equal(KeyRow.Revoked, KeyAnswer.Revoked);
    }

    [Fact]
    public void Credit_IsShownAsItCame()
    {
        var credit = new ManualCreditView(1, "manual.1", 2, -3, "refund", "why", "ref", "settled", 4, Now);
        AssertSame<CreditAnswer>(credit);
        AssertSame<CreditAnswer>(credit with { Reference = null, CreditBalance = null });
    }

    [Fact]
    public void Limits_AreSentInTheWordsOfTheContract()
    {
        var all = new KeyLimits(1, 2, 3, 4).Set;

        Assert.Equal(Text(all), Text(all.Select(limit => new SentLimit(limit.Type, limit.Period, limit.Limit))));
        Assert.Equal((CreditBounds.Call, CreditBounds.Balance), (CommandInput.MostCredits, CommandInput.MostBalance));
    }

    private static void AssertSame<TAnswer>(object view) => AssertSame<TAnswer>(Read<TAnswer>(view), view);

    private static void AssertSame<TAnswer>(TAnswer answer, object view) => Assert.Equal(Text(view), Text(answer));

    private static TAnswer Read<TAnswer>(object view) => JsonSerializer.Deserialize<TAnswer>(Text(view), WireJson.Options)!;

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, value!.GetType(), WireJson.Options);
}
