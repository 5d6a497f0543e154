using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>
/// Admit decides as reserve does and holds nothing: for a dry run, which counts no call and writes nothing, and for a call that costs
/// nothing.
/// </summary>
public sealed class AdmitScriptTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const string OldKey = "revoked";

    /// <summary>What is wrong, and what a call of 10 credits is answered.</summary>
    private static readonly (string Wrong, ReserveStatus Status)[] s_cases =
    [
        ("nothing", ReserveStatus.Reserved),
        ("secret", ReserveStatus.InvalidKey),
        (OldKey, ReserveStatus.InvalidKey),
        ("suspended", ReserveStatus.AccountSuspended),
        ("surface", ReserveStatus.SurfaceNotAllowed),
        ("rate", ReserveStatus.RateLimited),
        ("backlog", ReserveStatus.BacklogFull),
        ("balance", ReserveStatus.InsufficientCredits),
        ("held", ReserveStatus.CreditsReserved),
        ("fixed", ReserveStatus.FixedLimit),
        ("daily", ReserveStatus.DailyLimit),
        ("weekly", ReserveStatus.WeeklyLimit),
        ("monthly", ReserveStatus.MonthlyLimit),
        ("budget", ReserveStatus.AccountBudget),
    ];

    public static TheoryData<string, string> Paid => Cases(status => status);

    /// <summary>What costs nothing meets nothing that is about credits.</summary>
    public static TheoryData<string, string> Free =>
        Cases(status => status is >= ReserveStatus.BacklogFull ? ReserveStatus.Reserved : status);

    [Theory]
    [MemberData(nameof(Paid))]
    public async Task DryRun_OfAnyCall_AnswersAsReserveAndWritesNothing(string wrong, string expected)
    {
        var bench = await OpenAsync(wrong);
        var before = await bench.DumpAsync();
        var (secret, surface, backlog) = Asked(wrong);
        var dry = await bench.AdmitAsync(10, counts: false, secret, surface, backlog);
        Assert.Equal(expected, dry.Status.ToString());
        Assert.Equal(before, await bench.DumpAsync());

        // Not remembered from one to the next: reserve says the same, and its snapshot differs by its own hold alone.
        var (status, snapshot) = await bench.ReserveAsync("r", 10, secret, surface, backlog: backlog);
        Assert.Equal((dry.Status, dry.Snapshot.Balance), (status, snapshot.Balance));
        Assert.Equal(snapshot.Held - (status == ReserveStatus.Reserved ? 10 : 0), dry.Snapshot.Held);
    }

    [Theory]
    [MemberData(nameof(Free))]
    public async Task FreeCall_OfAnyKey_IsHeldUpByWhatIsNotAboutCredits(string wrong, string expected)
    {
        var bench = await OpenAsync(wrong);
        var before = await bench.DumpAsync();
        var (secret, surface, backlog) = Asked(wrong);
        Assert.Equal(expected, (await bench.AdmitAsync(0, counts: false, secret, surface, backlog)).Status.ToString());
        Assert.Equal(expected, (await bench.AdmitAsync(0, counts: true, secret, surface, backlog)).Status.ToString());

        // Nothing is counted where the key has no calls a minute, so nothing is written either way.
        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task FreeCall_WithCallsAMinute_CountsAndADryRunDoesNot()
    {
        var bench = await redis.OpenAsync();
        await bench.SetClockAsync("2026-05-01T10:00:20Z");
        await bench.LoadAccountAsync(0);
        await bench.LoadKeyAsync(rate: 2);
        Assert.Equal(ReserveStatus.Reserved, (await bench.AdmitAsync(0, counts: false)).Status);
        Assert.Equal(ReserveStatus.Reserved, (await bench.AdmitAsync(0, counts: true)).Status);
        Assert.Equal(ReserveStatus.Reserved, (await bench.AdmitAsync(0, counts: true)).Status);
        Assert.Equal(ReserveStatus.RateLimited, (await bench.AdmitAsync(0, counts: true)).Status);
        Assert.Equal(ReserveStatus.RateLimited, (await bench.AdmitAsync(0, counts: false)).Status);
        await bench.SetClockAsync("2026-05-01T10:01:00Z");
        Assert.Equal(ReserveStatus.Reserved, (await bench.AdmitAsync(0, counts: true)).Status);
        Assert.Equal((0, 0), ((int)(await bench.InspectAsync()).Held, (await bench.OutboxAsync()).Count));
    }

    [Fact]
    public async Task DryRun_InANewWindow_SeesItEmptyAndStartsNone()
    {
        var bench = await redis.OpenAsync();
        await bench.SetClockAsync("2026-05-01T23:59:00Z");
        await bench.LoadAccountAsync(100);
        await bench.LoadKeyAsync(daily: 10);
        var reserved = await bench.ReserveAsync("r", 10);
        await bench.CommitAsync("r", 10, reserved.Snapshot.Windows);
        Assert.Equal(ReserveStatus.DailyLimit, (await bench.AdmitAsync(1, counts: false)).Status);

        await bench.SetClockAsync("2026-05-02T00:00:01Z");
        var before = await bench.DumpAsync();
        Assert.Equal(ReserveStatus.Reserved, (await bench.AdmitAsync(10, counts: false)).Status);
        Assert.Equal(ReserveStatus.DailyLimit, (await bench.AdmitAsync(11, counts: false)).Status);
        Assert.Equal(before, await bench.DumpAsync());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000_000_001)]
    public async Task Admit_OfNoAmount_IsMalformed(long amount)
    {
        var bench = await OpenAsync("nothing");
        Assert.Equal(ScriptPartition.Malformed, (long)(await bench.AdmitAsync(amount, counts: true)).Status);
    }

    [Fact]
    public async Task Admit_OfAnUnknownAccount_IsNotLoaded()
    {
        var bench = await redis.OpenAsync();
        Assert.Equal(ScriptAnswer.NotLoaded, (long)(await bench.AdmitAsync(0, counts: true)).Status);
    }

    /// <summary>100 credits of which 10 are held, and all that may be wrong on the edge: 10 credits do not pass by one.</summary>
    private async Task<ScriptBench> OpenAsync(string wrong)
    {
        var bench = await redis.OpenAsync();
        await bench.SetClockAsync("2026-05-01T10:00:20Z");
        var balance = wrong switch { "balance" => 9, "held" => 19, _ => 100 };
        if (balance == 9)
        {
            await bench.LoadAccountAsync(balance);
            await bench.LoadKeyAsync();
            return bench;
        }

        await bench.LoadAccountAsync(balance, budget: wrong == "budget" ? 19 : -1);
        await bench.LoadKeyAsync(
            Of("fixed"), Of("daily"), Of("weekly"), Of("monthly"), surfaces: "|search|", rate: wrong == "rate" ? 1 : 0);
        Assert.Equal(ReserveStatus.Reserved, (await bench.ReserveAsync("held", 10)).Status);
        if (wrong == "suspended")
        {
            await bench.ConfigureAccountAsync("suspended");
        }
        else if (wrong == OldKey)
        {
            await bench.ConfigureKeyAsync(2, status: "revoked");
        }

        return bench;

        long Of(string name) => name == wrong ? 19 : -1;
    }

    private static (int Secret, string Surface, long Backlog) Asked(string wrong) =>
        (wrong == "secret" ? 2 : 1, wrong == "surface" ? "ads" : "search", wrong == "backlog" ? 0 : 1_000);

    private static TheoryData<string, string> Cases(Func<ReserveStatus, ReserveStatus> expected)
    {
        var cases = new TheoryData<string, string>();
        foreach (var (wrong, status) in s_cases)
        {
            cases.Add(wrong, expected(status).ToString());
        }

        return cases;
    }
}
