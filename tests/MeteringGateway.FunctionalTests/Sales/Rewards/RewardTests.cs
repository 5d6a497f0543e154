using System.Globalization;
using System.Text;
using MeteringGateway.Accounts.Payouts;
using MeteringGateway.FunctionalTests.Accounts.People;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Rewards;

namespace MeteringGateway.FunctionalTests.Sales.Rewards;

[Collection(PeopleTestGroup.Name)]
public sealed class RewardTests(PeopleGateway gateway)
{
    [Fact]
    public async Task CheckIn_HundredAtOnce_OneCredit()
    {
        var account = await gateway.Client.CreateAccountAsync();
        await ConfigureAsync("""{"enabled":true,"amount":10,"streak_bonus":2,"max_streak_days":7}""");
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => gateway.Get<CheckIn>().CheckInAsync(new(account, account), default)));

        var rewarded = Assert.Single(replies, reply => reply.Status == CheckInStatus.Rewarded);
        Assert.Equal(99, replies.Count(reply => reply.Status == CheckInStatus.AlreadyCheckedIn));
        Assert.Equal((10, 10), (rewarded.Reward!.Credits, rewarded.Reward.BalanceAfter));
        Assert.Equal((1, 10), (rewarded.Day.Streak, rewarded.Day.Credits));
        Assert.Equal(rewarded.Day.Day.AddDays(1), DateOnly.FromDateTime(rewarded.Day.NextAt.UtcDateTime));
        var entry = Assert.Single(await gateway.Books.AwaitEntriesAsync(account, 1));
        Assert.Equal(
            ($"checkin:{account}:{rewarded.Day.Day:yyyy-MM-dd}", "checkin", 10), (entry.EntryId, entry.EntryType, entry.CreditsDelta));
        Assert.Empty(await gateway.Books.ProblemsAsync());
    }

    [Theory]
    [InlineData(1, 2, 12)]
    [InlineData(2, 3, 14)]
    [InlineData(6, 7, 22)]
    [InlineData(9, 10, 22)]
    public async Task CheckIn_DayAfterAStreak_AddsTheBonusUpToItsCap(int before, int streak, long credits)
    {
        var account = await gateway.Client.CreateAccountAsync();
        await ConfigureAsync("""{"enabled":true,"amount":10,"streak_bonus":2,"max_streak_days":7}""");
        await AddDayAsync(account, daysAgo: 1, before);

        var reply = await gateway.Get<CheckIn>().CheckInAsync(new(account, account), default);

        Assert.Equal((CheckInStatus.Rewarded, streak, credits), (reply.Status, reply.Day.Streak, reply.Reward!.Credits));
    }

    [Fact]
    public async Task CheckIn_AfterAMissedDay_StartsAfresh()
    {
        var account = await gateway.Client.CreateAccountAsync();
        await AddDayAsync(account, daysAgo: 2, streak: 5);
        Assert.Equal(1, (await gateway.Get<CheckIn>().CheckInAsync(new(account, account), default)).Day.Streak);
    }

    [Fact]
    public async Task CheckIn_TurnedOff_GivesNothing()
    {
        var account = await gateway.Client.CreateAccountAsync();
        await ConfigureAsync("""{"enabled":false}""");
        try
        {
            Assert.Equal(CheckInStatus.Disabled, (await gateway.Get<CheckIn>().CheckInAsync(new(account, account), default)).Status);
        }
        finally
        {
            await ConfigureAsync("""{"enabled":true}""");
        }

        Assert.Equal(CheckInStatus.Rewarded, (await gateway.Get<CheckIn>().CheckInAsync(new(account, account), default)).Status);
    }

    [Fact]
    public async Task CheckInConfig_WrongValues_AreAllNamedAndChangeNothing()
    {
        var store = gateway.Get<CheckInStore>();
        var before = await store.ConfigAsync(default);
        var fields = Fields("""{"enabled":"yes","amount":0,"streak_bonus":-1,"max_streak_days":0,"x":1}""");

        Assert.Null(await store.ChangeConfigAsync(fields, Caller.Operator, default));

        Assert.Equal(["#/enabled", "#/amount", "#/streak_bonus", "#/max_streak_days", "#/x"], fields.Errors.Select(error => error.Pointer));
        Assert.Equal(before, await store.ConfigAsync(default));
    }

    [Fact]
    public async Task Coupon_TenUsesAndHundredAccounts_TenGetIt()
    {
        var coupon = await CreateAsync(credits: 25, maxUses: 10);
        var accounts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => gateway.Client.CreateAccountAsync()));

        var replies = await Task.WhenAll(
            accounts.Select(account => gateway.Get<Coupons>().RedeemAsync(coupon.Code.ToLowerInvariant(), new(account, account), default)));

        Assert.Equal(
            (10, 90),
            (replies.Count(reply => reply.Status == RedeemStatus.Redeemed), replies.Count(reply => reply.Status == RedeemStatus.UsedUp)));
        foreach (var (account, reply) in accounts.Zip(replies).Where(pair => pair.Second.Status == RedeemStatus.Redeemed))
        {
            var entry = Assert.Single(await gateway.Books.AwaitEntriesAsync(account, 1));
            Assert.Equal(
                ($"coupon:{coupon.Id}:{account}", "coupon", 25, 25),
                (entry.EntryId, entry.EntryType, entry.CreditsDelta, reply.Reward!.BalanceAfter));
        }

        Assert.Equal(10, await gateway.ScalarAsync<int>("select uses from coupons where id = @id", new { id = coupon.Id }));
        Assert.Empty(await gateway.Books.ProblemsAsync());
    }

    [Fact]
    public async Task Coupon_OneAccountManyTimes_OneCredit()
    {
        var coupon = await CreateAsync(credits: 5, maxUses: 10);
        var account = await gateway.Client.CreateAccountAsync();
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => gateway.Get<Coupons>().RedeemAsync(coupon.Code, new(account, account), default)));

        Assert.Equal((1, 19), (
            replies.Count(reply => reply.Status == RedeemStatus.Redeemed),
            replies.Count(reply => reply.Status == RedeemStatus.AlreadyRedeemed)));
        Assert.Single(await gateway.Books.AwaitEntriesAsync(account, 1));
        Assert.Equal(1, await gateway.ScalarAsync<int>("select uses from coupons where id = @id", new { id = coupon.Id }));
    }

    [Fact]
    public async Task Coupon_OutsideItsTime_IsRefused()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var now = TimeProvider.System.GetUtcNow();
        var early = await CreateAsync(1, 1, startsAt: now.AddHours(1));
        var late = await CreateAsync(1, 1, expiresAt: now.AddSeconds(-1));
        var open = await CreateAsync(1, 1, now.AddMinutes(-1), now.AddHours(1));

        Assert.Equal(
            RedeemStatus.NotStarted, (await gateway.Get<Coupons>().RedeemAsync(early.Code, new(account, account), default)).Status);
        Assert.Equal(RedeemStatus.Expired, (await gateway.Get<Coupons>().RedeemAsync(late.Code, new(account, account), default)).Status);
        Assert.Equal(
            RedeemStatus.UnknownCoupon, (await gateway.Get<Coupons>().RedeemAsync("no-such-code", new(account, account), default)).Status);
        Assert.Equal(RedeemStatus.Redeemed, (await gateway.Get<Coupons>().RedeemAsync(open.Code, new(account, account), default)).Status);
    }

    [Fact]
    public async Task Coupon_CodeTaken_IsNotCreatedAgain()
    {
        var coupon = await CreateAsync(1, 1);
        Assert.Null(await gateway.Get<CouponStore>()
            .CreateAsync(new NewCoupon(coupon.Code.ToLowerInvariant(), 9, 9, null, null), Caller.Operator, default));
        var (coupons, total) = await gateway.Get<CouponStore>().ListAsync(new Page(1, 0), default);
        Assert.Equal((coupon, true), (Assert.Single(coupons), total >= 1));
    }

    [Fact]
    public async Task Sweep_RecordedButNotPaid_PaysOnce()
    {
        var coupon = await CreateAsync(credits: 7, maxUses: 1);
        var account = await gateway.Client.CreateAccountAsync();
        // As a gateway that dies right after it has recorded the redemption.
        Assert.Equal(
            RedeemStatus.Pending, (await gateway.Get<CouponStore>().TakeAsync(coupon.Code, new(account, account), default)).Status);
        Assert.Empty(await gateway.Books.EntriesAsync(account));

        await gateway.ScalarAsync<string>(
            "update rewards set created_at = created_at - interval '1 minute' where entry_id = @id",
            new { id = $"coupon:{coupon.Id}:{account}" });
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => gateway.Get<PayoutSweeper<RewardRow>>().SweepAsync(default)));

        Assert.Equal(7, Assert.Single(await gateway.Books.AwaitEntriesAsync(account, 1)).CreditsDelta);
        Assert.Equal("applied", await gateway.ScalarAsync<string>(
            "select status from rewards where entry_id = @id", new { id = $"coupon:{coupon.Id}:{account}" }));
    }

    [Fact]
    public async Task Redeem_BalanceFull_IsRefusedAndMayBeTriedAgainByTheSameAccount()
    {
        var coupon = await CreateAsync(credits: 1_000_000_000_000, maxUses: 1);
        var account = await gateway.Client.CreateAccountAsync();
        for (var i = 0; i < 1000; i += 100)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => gateway.Client.CreditAsync(account, 1_000_000_000_000)));
        }

        // A credit may be answered as under way.
        await gateway.Books.AwaitEntriesAsync(account, 1000);
        Assert.Equal(RedeemStatus.Refused, (await gateway.Get<Coupons>().RedeemAsync(coupon.Code, new(account, account), default)).Status);
        await gateway.Client.AdminAsync(
            HttpMethod.Post, "admin/credits/manual",
            new { account_id = account, amount = -1_000_000_000_000, type = "adjustment", description = "room" });
        Assert.Equal(RedeemStatus.Redeemed, (await gateway.Get<Coupons>().RedeemAsync(coupon.Code, new(account, account), default)).Status);
        Assert.Equal(
            RedeemStatus.AlreadyRedeemed, (await gateway.Get<Coupons>().RedeemAsync(coupon.Code, new(account, account), default)).Status);
    }

    private async Task<CouponRow> CreateAsync(long credits, int maxUses, DateTimeOffset? startsAt = null, DateTimeOffset? expiresAt = null)
    {
        var code = "C-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture).ToUpperInvariant();
        return (await gateway.Get<CouponStore>()
            .CreateAsync(new NewCoupon(code, credits, maxUses, startsAt, expiresAt), Caller.Operator, default))!;
    }

    private async Task ConfigureAsync(string json) =>
        Assert.NotNull(await gateway.Get<CheckInStore>().ChangeConfigAsync(Fields(json), Caller.Operator, default));

    private Task AddDayAsync(long account, int daysAgo, int streak) => gateway.ExecuteAsync(
        """
        insert into rewards (entry_id, account_id, credits, entry_type, description, status)
        values ('past:' || @account, @account, 1, 'checkin', 'past', 'applied');
        insert into check_ins (account_id, person_id, day, streak, entry_id)
        values (@account, @account, (now() at time zone 'utc')::date - @daysAgo, @streak, 'past:' || @account)
        """,
        new { account, daysAgo, streak });

    private static RequestFields Fields(string json) => RequestBody.Parse(Encoding.UTF8.GetBytes(json)).Fields!;
}
