using MeteringGateway.FunctionalTests.Accounts.People;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Sales.Rewards;

namespace MeteringGateway.FunctionalTests.Sales.Rewards;

/// <summary>On stores of its own, for it takes Redis away.</summary>
public sealed class RewardOutageTests : IAsyncLifetime
{
    private readonly PeopleGateway _gateway = new();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task CheckInAndCoupon_RedisAway_AreRecordedAndPaidWhenItIsBack()
    {
        var account = await _gateway.Client.CreateAccountAsync(credits: 1);
        var stranger = await _gateway.Client.CreateAccountAsync();
        var coupon = (await _gateway.Get<CouponStore>().CreateAsync(new NewCoupon("AWAY", 5, 10, null, null), Caller.Operator, default))!;
        await _gateway.Stores.Redis.StopAsync();

        Assert.Equal(CheckInStatus.Pending, (await _gateway.Get<CheckIn>().CheckInAsync(new(account, account), default)).Status);
        Assert.Equal(CheckInStatus.AlreadyCheckedIn, (await _gateway.Get<CheckIn>().CheckInAsync(new(account, account), default)).Status);
        Assert.Equal(RedeemStatus.Pending, (await _gateway.Get<Coupons>().RedeemAsync("away", new(stranger, stranger), default)).Status);
        await _gateway.Stores.Redis.RestartAsync(default);

        // The sweeper that runs in the gateway takes what is older than ten seconds; its work has to be seen, not called.
        await _gateway.ExecuteAsync("update rewards set created_at = created_at - interval '1 minute'");
        await _gateway.Books.AwaitEntriesAsync(account, 2);
        Assert.Equal(
            [("bonus", 1L), ("checkin", 10L)],
            (await _gateway.Books.EntriesAsync(account)).Select(entry => (entry.EntryType, entry.CreditsDelta)));
        Assert.Equal($"coupon:{coupon.Id}:{stranger}", Assert.Single(await _gateway.Books.AwaitEntriesAsync(stranger, 1)).EntryId);
        Assert.Empty(await _gateway.Books.ProblemsAsync());
    }
}
