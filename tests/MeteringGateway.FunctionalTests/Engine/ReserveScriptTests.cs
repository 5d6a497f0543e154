using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.FunctionalTests.Engine;

public sealed class ReserveScriptTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    [Theory]
    [InlineData(10, 10, nameof(ReserveStatus.Reserved))]
    [InlineData(10, 11, nameof(ReserveStatus.InsufficientCredits))]
    [InlineData(0, 1, nameof(ReserveStatus.InsufficientCredits))]
    [InlineData(1_000_000_000_000_000, 1_000_000_000_000, nameof(ReserveStatus.Reserved))]
    public async Task Reserve_AgainstABalance_AllowsUpToIt(long balance, long amount, string expected)
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(balance);
        await bench.LoadKeyAsync();
        var (status, snapshot) = await bench.ReserveAsync("r", amount);
        Assert.Equal(
            (expected, balance, expected == nameof(ReserveStatus.Reserved) ? amount : 0),
            (status.ToString(), snapshot.Balance, snapshot.Held));
    }

    [Theory]
    [InlineData("fixed", nameof(ReserveStatus.FixedLimit))]
    [InlineData("daily", nameof(ReserveStatus.DailyLimit))]
    [InlineData("weekly", nameof(ReserveStatus.WeeklyLimit))]
    [InlineData("monthly", nameof(ReserveStatus.MonthlyLimit))]
    [InlineData("budget", nameof(ReserveStatus.AccountBudget))]
    public async Task Reserve_AgainstALimit_CountsSpentAndHeld(string limit, string expected)
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(1_000, budget: limit == "budget" ? 50 : -1);
        await bench.LoadKeyAsync(Of("fixed"), Of("daily"), Of("weekly"), Of("monthly"));
        var (_, snapshot) = await bench.ReserveAsync("spent", 20);
        await bench.CommitAsync("spent", 20, snapshot.Windows);
        await bench.ReserveAsync("held", 20);

        Assert.Equal(expected, (await bench.ReserveAsync("over", 11)).Status.ToString());
        Assert.Equal(ReserveStatus.Reserved, (await bench.ReserveAsync("fits", 10)).Status);
        Assert.Equal(expected, (await bench.ReserveAsync("full", 1)).Status.ToString());
        await bench.ReleaseAsync("held");
        Assert.Equal(ReserveStatus.Reserved, (await bench.ReserveAsync("again", 20)).Status);

        long Of(string name) => name == limit ? 50 : -1;
    }

    [Fact]
    public async Task Reserve_WithHoldsInFlight_TellsThemFromAnEmptyBalance()
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(100);
        await bench.LoadKeyAsync();
        await bench.ReserveAsync("a", 60);
        Assert.Equal(ReserveStatus.CreditsReserved, (await bench.ReserveAsync("b", 41)).Status);
        Assert.Equal(ReserveStatus.Reserved, (await bench.ReserveAsync("c", 40)).Status);
        Assert.Equal(ReserveStatus.InsufficientCredits, (await bench.ReserveAsync("d", 101)).Status);
    }

    [Theory]
    [InlineData("revoked", 1, 0L, 0L, nameof(ReserveStatus.InvalidKey))]
    [InlineData("active", 2, 0L, 0L, nameof(ReserveStatus.InvalidKey))]
    [InlineData("active", 3, 0L, 0L, nameof(ReserveStatus.Reserved))]
    [InlineData("active", 2, 1_800_000_001_000L, 0L, nameof(ReserveStatus.Reserved))]
    [InlineData("active", 1, 1_800_000_001_000L, 0L, nameof(ReserveStatus.InvalidKey))]
    [InlineData("active", 2, 1_799_999_999_000L, 0L, nameof(ReserveStatus.InvalidKey))]
    [InlineData("active", 3, 0L, 1_799_999_999_000L, nameof(ReserveStatus.InvalidKey))]
    [InlineData("active", 3, 0L, 1_800_000_009_000L, nameof(ReserveStatus.Reserved))]
    public async Task Reserve_WithASecret_AdmitsTheCurrentAndTheOverlapping(
        string status, int shown, long previousUntil, long expires, string expected)
    {
        var bench = await redis.OpenAsync();
        await bench.SetClockAsync("2027-01-15T08:00:00Z"); // 1,800,000,000 s
        await bench.LoadAccountAsync(100);
        await bench.LoadKeyAsync(status: status, expires: expires, secret: 3, previousUntil: previousUntil);
        Assert.Equal(expected, (await bench.ReserveAsync("r", 1, secret: shown)).Status.ToString());
    }

    [Fact]
    public async Task Reserve_ManyThingsWrong_AnswersTheFirstInOrder()
    {
        var bench = await redis.OpenAsync();
        Assert.Equal(ScriptAnswer.NotLoaded, (long)(await bench.ReserveAsync("r", 1)).Status);
        await bench.LoadAccountAsync(0, status: "suspended", budget: 0);
        Assert.Equal(ScriptAnswer.NotLoaded, (long)(await bench.ReserveAsync("r", 1)).Status);
        await bench.LoadKeyAsync(@fixed: 0, surfaces: "|ads|");
        Assert.Equal(ScriptAnswer.Fenced, (long)(await bench.ReserveAsync("r", 1, epoch: bench.Epoch + 1)).Status);
        Assert.Equal(ReserveStatus.InvalidKey, (await bench.ReserveAsync("r", 1, secret: 9)).Status);
        Assert.Equal(ReserveStatus.AccountSuspended, (await bench.ReserveAsync("r", 1, backlog: 0)).Status);
    }

    [Fact]
    public async Task Reserve_FromAnOlderStoreThanSeen_IsFenced()
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(10);
        await bench.LoadKeyAsync();
        bench.Seen = 1_000;
        Assert.Equal(ScriptAnswer.Fenced, (long)(await bench.ReserveAsync("r", 1)).Status);
    }

    [Fact]
    public async Task Reserve_Refused_WritesNothing()
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(100, budget: 60);
        await bench.LoadKeyAsync(@fixed: 50, surfaces: "|search|", rate: 1);
        await bench.SetClockAsync("2026-05-01T00:00:00Z");
        var before = await bench.DumpAsync();
        Assert.Equal(ReserveStatus.SurfaceNotAllowed, (await bench.ReserveAsync("r", 1, surface: "ads")).Status);
        Assert.Equal(ReserveStatus.SurfaceNotAllowed, (await bench.ReserveAsync("r", 1, surface: "sear")).Status);
        Assert.Equal(ReserveStatus.BacklogFull, (await bench.ReserveAsync("r", 1, backlog: 0)).Status);
        Assert.Equal(ReserveStatus.FixedLimit, (await bench.ReserveAsync("r", 51)).Status);
        Assert.Equal(ReserveStatus.InsufficientCredits, (await bench.ReserveAsync("r", 101)).Status);
        Assert.Equal(ReserveStatus.InvalidKey, (await bench.ReserveAsync("r", 1, secret: 2)).Status);
        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task Reserve_SentAgain_HoldsOnce()
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(100);
        await bench.LoadKeyAsync();
        await bench.ReserveAsync("r", 60);
        var (status, snapshot) = await bench.ReserveAsync("r", 60);
        Assert.Equal((ReserveStatus.Reserved, 60), (status, snapshot.Held));
    }

    [Fact]
    public async Task Reserve_WithCallsAMinute_CountsAdmittedCallsOfTheMinute()
    {
        var bench = await redis.OpenAsync();
        await bench.SetClockAsync("2026-05-01T10:00:58Z");
        await bench.LoadAccountAsync(100);
        await bench.LoadKeyAsync(rate: 2);
        Assert.Equal(ReserveStatus.Reserved, (await bench.ReserveAsync("a", 1)).Status);
        Assert.Equal(ReserveStatus.InsufficientCredits, (await bench.ReserveAsync("x", 101)).Status);
        Assert.Equal(ReserveStatus.Reserved, (await bench.ReserveAsync("b", 1)).Status);
        Assert.Equal(ReserveStatus.RateLimited, (await bench.ReserveAsync("c", 1)).Status);
        await bench.SetClockAsync("2026-05-01T10:01:00Z");
        Assert.Equal(ReserveStatus.Reserved, (await bench.ReserveAsync("c", 1)).Status);
    }
}
