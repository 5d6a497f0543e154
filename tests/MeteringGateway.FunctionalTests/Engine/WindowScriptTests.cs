using System.Globalization;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.FunctionalTests.Engine;

public sealed class WindowScriptTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    [Fact]
    public async Task Windows_OfManyInstants_AreTheCalendars()
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(1);
        await bench.LoadKeyAsync();
        var random = new Random(20_261_121);
        var days = Enumerable.Range(0, 300).Select(_ => new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(random.Next(0, 36_500)))
            .Concat(from year in Enumerable.Range(2026, 12)
                    from edge in new[] { "02-28", "02-29", "03-01", "12-28", "12-31", "01-01", "01-04" }
                    select Edge(year, edge));
        foreach (var day in days)
        {
            await bench.SetClockAsync(day.AddSeconds(random.Next(1, 86_000)).ToString("O", CultureInfo.InvariantCulture));
            var windows = (await bench.InspectAsync()).Windows;
            var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
            Assert.Equal(
                ((day - DateTime.UnixEpoch).Days, ((monday - DateTime.UnixEpoch).Days + 3) / 7, (day.Year * 12) + day.Month - 1),
                ((int)windows.Day, (int)windows.Week, (int)windows.Month));
        }

        static DateTime Edge(int year, string day) =>
            DateTime.TryParseExact(
                $"{year}-{day}", "yyyy-MM-dd", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var edge)
                ? edge : new DateTime(year, 3, 1, 0, 0, 0, DateTimeKind.Utc);
    }

    /// <summary>Reserved in the old window, committed in the new: index 1 DAILY, 2 WEEKLY, 3 MONTHLY.</summary>
    [Theory]
    [InlineData("2026-11-17T23:59:59.9Z", "2026-11-18T00:00:00.2Z", 1)]
    [InlineData("2026-11-22T23:59:59.9Z", "2026-11-23T00:00:00.2Z", 2)]
    [InlineData("2027-01-03T23:59:59.9Z", "2027-01-04T00:00:00.2Z", 2)]
    [InlineData("2026-02-28T23:59:59.9Z", "2026-03-01T00:00:00.2Z", 3)]
    [InlineData("2028-02-29T23:59:59.9Z", "2028-03-01T00:00:00.2Z", 3)]
    [InlineData("2026-04-30T23:59:59.9Z", "2026-05-01T00:00:00.2Z", 3)]
    [InlineData("2026-12-31T23:59:59.9Z", "2027-01-01T00:00:00.2Z", 3)]
    public async Task Charge_AcrossAWindowsEdge_CountsWhereItWasReserved(string before, string after, int index)
    {
        var bench = await Limited(index, 100);
        await bench.SetClockAsync(before);
        var (_, reserved) = await bench.ReserveAsync("committed", 40);
        await bench.ReserveAsync("released", 30);
        await bench.SetClockAsync(after);
        Assert.Equal((0, 0), Counted(await bench.InspectAsync(), index));

        var (status, snapshot) = await bench.CommitAsync("committed", 40, reserved.Windows);
        Assert.Equal((CommitStatus.Committed, (0, 0), 40), (status, Counted(snapshot, index), snapshot.LimitOf(Period.Fixed).Spent));
        Assert.Equal(reserved.Windows, (await bench.OutboxAsync()).Single().Windows);
        Assert.Equal(ReserveStatus.Reserved, (await bench.ReserveAsync("whole", 100)).Status);
        await bench.ReleaseAsync("released");
        snapshot = await bench.InspectAsync();
        Assert.Equal(((0, 100), 100), (Counted(snapshot, index), snapshot.Held));
    }

    /// <summary>
    /// Nobody can say any more what the limit of the old window would have allowed, so the customer has the doubt's benefit.
    /// </summary>
    [Theory]
    [InlineData(100, nameof(CommitStatus.Uncollected))]
    [InlineData(-1, nameof(CommitStatus.Committed))]
    public async Task Commit_AfterExpiryAndTheEdgeOfALimitsWindow_ChargesOnlyWithoutTheLimit(long limit, string expected)
    {
        var bench = await Limited(1, limit);
        await bench.SetClockAsync("2026-11-17T23:59:59Z");
        var (_, reserved) = await bench.ReserveAsync("late", 40, lifetime: 0);
        await bench.ReleaseAsync("late", expiredOnly: true);
        await bench.SetClockAsync("2026-11-18T00:00:01Z");
        Assert.Equal(expected, (await bench.CommitAsync("late", 40, reserved.Windows)).Status.ToString());
    }

    [Fact]
    public async Task Reserve_SentAgainAfterMidnight_TellsTheWindowsOfItsHold()
    {
        var bench = await Limited(1, 100);
        await bench.SetClockAsync("2026-11-17T23:59:59Z");
        var first = (await bench.ReserveAsync("r", 40)).Snapshot.Windows;
        await bench.SetClockAsync("2026-11-18T00:00:01Z");
        Assert.Equal(first, (await bench.ReserveAsync("r", 40)).Snapshot.Windows);
    }

    [Fact]
    public async Task Reverse_AfterTheEdgeOfAWindow_LeavesTheNewOneAlone()
    {
        var bench = await Limited(1, 100);
        await bench.SetClockAsync("2026-11-17T23:59:58Z");
        var (_, reserved) = await bench.ReserveAsync("r", 40);
        await bench.CommitAsync("r", 40, reserved.Windows);
        await bench.SetClockAsync("2026-11-18T00:00:01Z");
        await Spend(bench, 30);
        Assert.Equal(1, await bench.ReverseAsync("r", 40, reserved.Windows));
        var snapshot = await bench.InspectAsync();
        Assert.Equal((30, 30, 970), (snapshot.LimitOf(Period.Daily).Spent, snapshot.LimitOf(Period.Fixed).Spent, snapshot.Balance));
    }

    [Fact]
    public async Task Limit_LoweredBelowSpent_RefusesAndShowsNothingLeft()
    {
        var bench = await Limited(1, 100);
        await Spend(bench, 60);
        await bench.ConfigureKeyAsync(2, daily: 50);
        var (status, snapshot) = await bench.ReserveAsync("r", 1);
        Assert.Equal(
            (ReserveStatus.DailyLimit, 60, 0), (status, snapshot.LimitOf(Period.Daily).Spent, snapshot.LimitOf(Period.Daily).Remaining));
    }

    [Fact]
    public async Task Limit_RaisedOrSetOnAnotherPeriod_KeepsWhatIsSpent()
    {
        var bench = await Limited(1, 100);
        await Spend(bench, 60);
        await bench.ConfigureKeyAsync(2, daily: 110);
        Assert.Equal((60, 50), (await bench.InspectAsync()).LimitOf(Period.Daily) is var daily ? (daily.Spent, daily.Remaining) : default);
        await bench.ConfigureKeyAsync(3, monthly: 70);
        Assert.Equal(ReserveStatus.MonthlyLimit, (await bench.ReserveAsync("over", 11)).Status);
        Assert.Equal(ReserveStatus.Reserved, (await bench.ReserveAsync("fits", 10)).Status);
    }

    [Fact]
    public async Task Configuration_OfAnOlderVersion_IsIgnored()
    {
        var bench = await Limited(1, 100);
        await bench.ConfigureKeyAsync(5, daily: 10);
        await bench.ConfigureKeyAsync(4, daily: 1_000);
        Assert.Equal(10, (await bench.InspectAsync()).LimitOf(Period.Daily).Limit);
    }

    [Fact]
    public async Task Clock_SetBack_DoesNotEmptyAWindow()
    {
        var bench = await Limited(1, 100);
        await bench.SetClockAsync("2026-11-18T00:00:10Z");
        await Spend(bench, 60);
        await bench.SetClockAsync("2026-11-17T23:59:50Z");
        Assert.Equal(ReserveStatus.DailyLimit, (await bench.ReserveAsync("r", 41)).Status);
        await Spend(bench, 40);
        await bench.SetClockAsync("2026-11-18T00:00:10Z");
        Assert.Equal(ReserveStatus.DailyLimit, (await bench.ReserveAsync("s", 1)).Status);
    }

    [Fact]
    public async Task Budget_AfterAClockSetBackOverTheMonth_CountsTheCallsOfEveryKey()
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(1_000, budget: 100);
        await bench.LoadKeyAsync();
        await bench.LoadKeyAsync(key: 2);
        await bench.SetClockAsync("2026-12-01T00:00:10Z");
        var december = (await bench.ReserveAsync("ahead", 60)).Snapshot.Windows.Month;
        await bench.SetClockAsync("2026-11-30T23:59:50Z");
        var (status, snapshot) = await bench.ReserveAsync("fits", 40, key: 2);
        Assert.Equal((ReserveStatus.Reserved, december, 100), (status, snapshot.Windows.Month, snapshot.AccountBudget.Held));
        Assert.Equal(ReserveStatus.AccountBudget, (await bench.ReserveAsync("over", 1, key: 2)).Status);
    }

    /// <summary>The recovery knows neither the hold, which had expired, nor that the day had begun.</summary>
    [Fact]
    public async Task Commit_OfADayThatIsAheadAfterARecovery_CountsInThatDay()
    {
        var bench = await Limited(1, 100);
        await bench.SetClockAsync("2026-11-18T00:00:10Z");
        var (_, reserved) = await bench.ReserveAsync("late", 60, lifetime: 0);
        await bench.ReleaseAsync("late", expiredOnly: true);
        await bench.SetClockAsync("2026-11-17T23:59:50Z");
        await bench.RaiseEpochAsync();
        await bench.LoadAccountAsync(1_000);
        await bench.LoadKeyAsync(daily: 100);
        Assert.Equal(CommitStatus.Committed, (await bench.CommitAsync("late", 60, reserved.Windows)).Status);
        await bench.SetClockAsync("2026-11-18T00:00:10Z");
        Assert.Equal((60, 0), Counted(await bench.InspectAsync(), 1));
        Assert.Equal(ReserveStatus.DailyLimit, (await bench.ReserveAsync("over", 41)).Status);
    }

    /// <summary>The reserve had been sent twice; the other send arrives after the hold has expired, and the next day.</summary>
    [Fact]
    public async Task Commit_OfAHoldMadeAnewInAnotherWindow_FreesWhatItHeldThere()
    {
        var bench = await Limited(1, 100);
        await bench.SetClockAsync("2026-11-17T23:59:50Z");
        var (_, reserved) = await bench.ReserveAsync("r", 40, lifetime: 0);
        await bench.ReleaseAsync("r", expiredOnly: true);
        await bench.SetClockAsync("2026-11-18T00:00:10Z");
        await bench.ReserveAsync("r", 40);
        var (status, snapshot) = await bench.CommitAsync("r", 40, reserved.Windows);
        Assert.Equal(
            (CommitStatus.Committed, (0, 0), 0, 40), (status, Counted(snapshot, 1), snapshot.Held, snapshot.LimitOf(Period.Fixed).Spent));
    }

    private static (long Spent, long Held) Counted(BalanceSnapshot snapshot, int index) =>
        snapshot.LimitOf(Period.All[index]) is var limit ? (limit.Spent, limit.Held) : default;

    private static async Task Spend(ScriptBench bench, long credits)
    {
        var id = Guid.NewGuid().ToString("N");
        var (status, reserved) = await bench.ReserveAsync(id, credits);
        Assert.Equal(ReserveStatus.Reserved, status);
        await bench.CommitAsync(id, credits, reserved.Windows);
    }

    private async Task<ScriptBench> Limited(int index, long limit)
    {
        var bench = await redis.OpenAsync();
        await bench.LoadAccountAsync(1_000);
        await bench.LoadKeyAsync(daily: index == 1 ? limit : -1, weekly: index == 2 ? limit : -1, monthly: index == 3 ? limit : -1);
        return bench;
    }
}
