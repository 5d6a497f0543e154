using System.Collections.Frozen;
using System.Text;
using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Errors;
using MeteringGateway.Tests.Calls.Metering;

namespace MeteringGateway.Tests.Calls.Answers;

public sealed class RefusalsTests
{
    private static readonly Surface s_surface = new(
        "search", "Search", null, new FlatPrice(5), ["alpha"], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), FrozenSet<int>.Empty, 9);

    private static readonly BalanceSnapshot s_seen = Seen.With((0, 500, 490, 8), (1, 50, 46, 0), (2, 60, 56, 0), (3, 70, 66, 0),
        (Seen.AccountBudget, 80, 76, 0));

    /// <summary>Every refusal by Redis: its code, and what may still be had.</summary>
    [Theory]
    [InlineData("Unavailable", "MeteringUnavailable", null, null)]
    [InlineData("InvalidKey", "InvalidKey", null, null)]
    [InlineData("AccountSuspended", "AccountSuspended", null, null)]
    [InlineData("SurfaceNotAllowed", "SurfaceNotAllowed", null, null)]
    [InlineData("RateLimited", "RateLimited", null, null)]
    [InlineData("BacklogFull", "BacklogFull", null, null)]
    [InlineData("InsufficientCredits", "InsufficientCredits", 5L, 1000L)]
    [InlineData("CreditsReserved", "CreditsReserved", 5L, 1000L)]
    [InlineData("FixedLimit", "KeyLimitExceeded", 5L, null)]
    [InlineData("DailyLimit", "KeyLimitExceeded", 5L, null)]
    [InlineData("WeeklyLimit", "KeyLimitExceeded", 5L, null)]
    [InlineData("MonthlyLimit", "KeyLimitExceeded", 5L, null)]
    [InlineData("AccountBudget", "AccountBudgetExceeded", 5L, null)]
    public void Of_EachStatusOfTheStore_HasItsCode(string status, string code, long? required, long? remaining)
    {
        var problem = Refusals.Of(Enum.Parse<ReserveStatus>(status), s_seen, s_surface, 5);

        Assert.Equal((code, required, remaining), (problem.Code.ToString(), problem.RequiredCredits, problem.RemainingCredits));
    }

    [Fact]
    public void Of_EveryStatusButReserved_IsARefusal()
    {
        var refused = Enum.GetValues<ReserveStatus>().Where(status => status != ReserveStatus.Reserved).ToList();

        Assert.All(refused, status => Assert.NotNull(Refusals.Of(status, s_seen, s_surface, 5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Refusals.Of(ReserveStatus.Reserved, s_seen, s_surface, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Refusals.Of((ReserveStatus)99, s_seen, s_surface, 5));
    }

    [Theory]
    [InlineData("FixedLimit", "key's lifetime limit", 500, 490, null)]
    [InlineData("DailyLimit", "key's daily limit", 50, 46, "2026-03-12")]
    [InlineData("WeeklyLimit", "key's weekly limit", 60, 56, "2026-03-16")]
    [InlineData("MonthlyLimit", "key's monthly limit", 70, 66, "2026-04-01")]
    [InlineData("AccountBudget", "account's monthly budget", 80, 76, "2026-04-01")]
    public void Of_Limit_IsTheOneThatStandsInTheWay(string status, string name, long limit, long spent, string? resets)
    {
        var problem = Refusals.Of(Enum.Parse<ReserveStatus>(status), s_seen, s_surface, 5);

        Assert.Equal(new ReachedLimit(limit, spent, resets is null ? null : Day(resets)), problem.Limit);
        Assert.Contains($"of the {name} of {limit}, {spent} are spent", problem.Detail, StringComparison.Ordinal);
    }

    /// <summary>The minute of the clock of Redis, of which twelve o'clock has all and its last second one.</summary>
    [Theory]
    [InlineData(0, 60)]
    [InlineData(1, 59)]
    [InlineData(59, 1)]
    public void Of_RateLimited_IsToComeBackWithTheNextMinute(int second, int wait)
    {
        var values = new long[BalanceSnapshot.Length];
        values[2] = new DateTimeOffset(2026, 3, 11, 12, 0, second, TimeSpan.Zero).ToUnixTimeMilliseconds();

        Assert.Equal(TimeSpan.FromSeconds(wait),
            Refusals.Of(ReserveStatus.RateLimited, new BalanceSnapshot(values), s_surface, 5).RetryAfter);
    }

    [Theory]
    [InlineData("Failed", "ProvidersFailed")]
    [InlineData("TimedOut", "ProvidersTimedOut")]
    public void Of_ChainWithoutAnAnswer_PassesOnWhenToComeBack(string status, string code)
    {
        var problem = Refusals.Of(new ChainResult(Enum.Parse<ChainStatus>(status), null, [], TimeSpan.Zero, TimeSpan.FromSeconds(7)));

        Assert.Equal((code, TimeSpan.FromSeconds(7), null), (problem.Code.ToString(), problem.RetryAfter, problem.Status));
        Assert.NotNull(problem.ProviderAttempts);
    }

    [Fact]
    public void Of_Rejection_PassesOnTheProvidersStatusAndBody()
    {
        var body = Encoding.UTF8.GetBytes("""{"no":"such voice"}""");
        var answer = new ProviderAnswer { Provider = "alpha", Status = 422, Body = body, IsJson = true, Headers = [] };

        var problem = Refusals.Of(new ChainResult(ChainStatus.Rejected, answer, [], TimeSpan.Zero));

        Assert.Equal((ErrorCode.ProviderRejected, 422), (problem.Code, problem.Status));
        Assert.Equal(body, problem.Result!.Value.ToArray());
    }

    [Fact]
    public void Of_ChainThatIsNoRefusal_Throws()
    {
        Assert.Same(Problem.Overloaded, Refusals.Of(new ChainResult(ChainStatus.Overloaded, null, [], TimeSpan.Zero)));
        Assert.All([ChainStatus.Succeeded, ChainStatus.ClientLeft, (ChainStatus)99], status =>
            Assert.Throws<ArgumentOutOfRangeException>(() => Refusals.Of(new ChainResult(status, null, [], TimeSpan.Zero))));
    }

    private static DateTimeOffset Day(string text) => new(DateOnly.ParseExact(text, "yyyy-MM-dd"), default, TimeSpan.Zero);
}
