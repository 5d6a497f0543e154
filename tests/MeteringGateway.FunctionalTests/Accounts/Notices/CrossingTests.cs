using System.Net;
using System.Net.Http.Json;

namespace MeteringGateway.FunctionalTests.Accounts.Notices;

[Collection(NoticeTestGroup.Name)]
public sealed class CrossingTests(NoticeGateway gateway)
{
    [Fact]
    public async Task Limit_CrossedStepByStep_GivesOneEventForEachPercent()
    {
        var (account, key, keyId) = await gateway.NewKeyAsync(
            1_000, new { name = "k", spending_limit = 100, spending_type = "RECURRING", spending_period = "DAILY" });
        await gateway.ChargeAsync(key, 49);
        await gateway.ChargeAsync(key, 1);
        var first = Assert.Single(await gateway.EventsAsync(account, 1));
        Assert.Equal(
            (50, keyId, 50L),
            (first.GetProperty("percent").GetInt32(), first.GetProperty("key_id").GetInt64(), first.GetProperty("spent").GetInt64()));
        Assert.EndsWith("T00:00:00+00:00", first.GetProperty("resets_at").GetString(), StringComparison.Ordinal);

        await gateway.ChargeAsync(key, 10);
        await gateway.ChargeAsync(key, 40);

        var all = await gateway.EventsAsync(account, 3);
        Assert.Equal(
            ["key_limit DAILY 50 of 100", "key_limit DAILY 80 of 100", "key_limit DAILY 100 of 100"], all.Select(NoticeGateway.Describe));
    }

    [Fact]
    public async Task Limit_LoweredBelowWhatIsSpentThenRaised_IsCrossedAnewAsAnotherLimit()
    {
        var (account, key, keyId) = await gateway.NewKeyAsync(1_000, new { name = "k", spending_limit = 1_000 });
        await gateway.ChargeAsync(key, 90);

        (await gateway.Client.AdminAsync(HttpMethod.Patch, $"admin/keys/{keyId}", new { spending_limit = 100 })).ExpectSuccess();
        var lowered = await gateway.EventsAsync(account, 2);
        (await gateway.Client.AdminAsync(HttpMethod.Patch, $"admin/keys/{keyId}", new { spending_limit = 180 })).ExpectSuccess();
        var raised = await gateway.EventsAsync(account, 3);

        Assert.Equal(["key_limit FIXED 50 of 100", "key_limit FIXED 80 of 100"], lowered.Select(NoticeGateway.Describe));
        Assert.Equal("key_limit FIXED 50 of 180", NoticeGateway.Describe(raised[2]));
    }

    [Fact]
    public async Task Budget_OfTheAccount_IsNoticedOverAllItsKeys()
    {
        var (account, key, _) = await gateway.NewKeyAsync(1_000, new { name = "k" });
        (await gateway.Client.AdminAsync(HttpMethod.Patch, $"admin/accounts/{account}", new { monthly_budget = 100 })).ExpectSuccess();
        await gateway.ChargeAsync(key, 85);

        var all = await gateway.EventsAsync(account, 2);

        Assert.Equal(["account_budget MONTHLY 50 of 100", "account_budget MONTHLY 80 of 100"], all.Select(NoticeGateway.Describe));
    }

    [Fact]
    public async Task Balance_FallsTwice_IsNoticedTwice()
    {
        var (account, key, _) = await gateway.NewKeyAsync(1_000, new { name = "k" });
        (await gateway.Client.AdminAsync(HttpMethod.Patch, $"admin/accounts/{account}", new { low_balance_mark = 500 })).ExpectSuccess();
        await gateway.ChargeAsync(key, 500);
        await gateway.Client.CreditAsync(account, 100);
        await gateway.ChargeAsync(key, 150);

        var all = await gateway.EventsAsync(account, 2);

        Assert.Equal([500L, 450L], all.Select(notice => notice.GetProperty("balance").GetInt64()));
        Assert.All(all, notice => Assert.Equal("low_balance  100 of 500", NoticeGateway.Describe(notice)));
    }

    [Fact]
    public async Task Mark_SetByTheAccountAboveItsBalance_IsNoticedAtOnceAndOnce()
    {
        var account = await gateway.Client.CreateAccountAsync(400);
        var session = (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).ExpectSuccess()
            .GetProperty("session").GetString();
        await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}");

        var set = await gateway.Client.SendAsync(
            HttpMethod.Patch, "api/me/notices", session, JsonContent.Create(new { low_balance_mark = 500 }));
        var other = await gateway.Client.SendAsync(
            HttpMethod.Patch, "api/me/notices", session, JsonContent.Create(new { status = "active" }));
        (await gateway.Client.AdminAsync(HttpMethod.Patch, $"admin/accounts/{account}", new { full_name = "Other" })).ExpectSuccess();

        Assert.Equal(500, set.Expect(HttpStatusCode.OK).GetProperty("low_balance_mark").GetInt64());
        Assert.Equal("invalid_request", other.Code);
        var notices = await gateway.EventsAsync(account, 2);
        Assert.Equal(["low_balance  100 of 500", "low_balance  80 of 500"], notices.Select(NoticeGateway.Describe));
        var mine = (await gateway.Client.SendAsync(HttpMethod.Get, "api/me/events?type=low_balance", session, null)).ExpectSuccess();
        Assert.Equal(2, mine.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Events_WrongFilter_NamesAllThatIsWrong()
    {
        var answer = await gateway.Client.AdminAsync(HttpMethod.Get, "admin/events?account_id=x&type=y&limit=0");

        Assert.Equal(3, answer.Expect(HttpStatusCode.BadRequest).GetProperty("errors").GetArrayLength());
    }
}
