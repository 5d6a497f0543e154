using System.Net;
using MeteringGateway.FunctionalTests.Accounts.People;

namespace MeteringGateway.FunctionalTests.Sales.Rewards;

/// <summary>Free credits are a person's: more wallets, keys and sessions bring no more of them.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class RewardsPerPersonTests(PeopleGateway gateway)
{
    [Fact]
    public async Task Person_WithFifteenTeams_ChecksInAndRedeemsOnce()
    {
        var code = await NewCouponAsync();
        var (own, _, session) = await gateway.SignUpAsync();
        var (credentials, wallets) = (new List<string> { session }, new List<long> { own });
        for (var i = 0; i < 15; i++)
        {
            var team = await gateway.CreateTeamAsync(session);
            var shared = await gateway.OpenAsync(team, session);
            // A session, a key that the person made, and one that the operator made for the team.
            credentials.Add((i % 3) switch
            {
                0 => shared,
                1 => (await gateway.PostAsync("api/me/keys", new { name = "k" }, shared)).Expect(HttpStatusCode.Created)
                    .GetProperty("key").GetString()!,
                _ => await gateway.Client.CreateKeyAsync(team),
            });
            wallets.Add(team);
        }

        var checkIns = await Task.WhenAll(credentials.Select(credential => gateway.PostAsync("checkin", new { }, credential)));
        var redemptions = await Task.WhenAll(
            credentials.Select(credential => gateway.PostAsync("coupons/redeem", new { code }, credential)));

        Assert.Equal((1, 15), (checkIns.Count(one => one.Status == HttpStatusCode.OK), checkIns.Count(one => one.Code == "conflict")));
        Assert.Equal(1, redemptions.Count(one => one.Status == HttpStatusCode.OK));
        Assert.All(
            redemptions.Where(one => one.Status != HttpStatusCode.OK),
            one => Assert.Contains(one.Code, new[] { "conflict", "rate_limited" }));
        await Testing.Eventually.TrueAsync(
            async () => await gateway.ScalarAsync<long>(
                "select count(*) from ledger_entries where account_id = any(@wallets)", new { wallets }) == 2,
            () => "not exactly one check-in and one coupon");
    }

    [Fact]
    public async Task Person_WithTeams_TakesWhatCostsNothingOnce()
    {
        var slug = "free-" + Guid.NewGuid().ToString("N");
        (await gateway.Client.AdminAsync(
            HttpMethod.Post, "admin/catalog/packages", new { slug, name = "Free", credits = 10, price_cents = 0 }))
            .Expect(HttpStatusCode.Created);
        var plan = (await gateway.Client.AdminAsync(
            HttpMethod.Post, "admin/billing/plans", new { slug, name = "Free", price_monthly = 0, credits_included = 10 }))
            .Expect(HttpStatusCode.Created).GetProperty("data").GetProperty("id").GetString();
        var (_, _, session) = await gateway.SignUpAsync();
        var credentials = new List<string> { session };
        for (var i = 0; i < 3; i++)
        {
            var team = await gateway.CreateTeamAsync(session);
            credentials.Add(i == 0 ? await gateway.OpenAsync(team, session) : await gateway.Client.CreateKeyAsync(team));
        }

        var packages = await Task.WhenAll(
            credentials.Select(credential => gateway.PostAsync("api/me/purchases", new { package_slug = slug }, credential)));
        var plans = await Task.WhenAll(credentials.Select(credential => gateway.PostAsync(
            "payment/create-session",
            new
            {
                channel = "sandbox",
                type = "subscription",
                plan_id = plan,
                success_url = "https://shop.example/",
                cancel_url = "https://shop.example/",
            },
            credential)));
        foreach (var answers in new[] { packages, plans })
        {
            Assert.Equal((1, 3), (answers.Count(one => one.Status == HttpStatusCode.OK), answers.Count(one => one.Code == "conflict")));
        }
    }

    [Fact]
    public async Task Wallet_OfTwoPersons_HasOneCheckInADay()
    {
        var (_, _, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        var (_, member, shared) = await gateway.JoinAsync(owner, team);

        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("checkin", new { }, shared)).Status);
        Assert.Equal("conflict", (await gateway.PostAsync("checkin", new { }, await gateway.OpenAsync(team, owner))).Code);
        Assert.Equal("conflict", (await gateway.PostAsync("checkin", new { }, member)).Code);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("checkin", new { }, owner)).Status);
    }

    [Theory]
    [InlineData(" {0}")]
    [InlineData("{0}\n")]
    [InlineData("\t{0} \r\n")]
    [InlineData("\u00A0{0}\u200B")]
    public async Task Code_PastedWithBlanks_IsRedeemed(string pasted)
    {
        var code = await NewCouponAsync();
        var (_, _, session) = await gateway.SignUpAsync();
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, pasted, code[..4] + " " + code[4..]);
        (await gateway.PostAsync("coupons/redeem", new { code = text }, session)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task WrongCodes_Many_AreThrottledByPersonAndWallet()
    {
        var (good, other) = (await NewCouponAsync(), await NewCouponAsync());
        var (_, _, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        var shared = await gateway.OpenAsync(team, owner);

        // A right code in between takes nothing and gives nothing back but itself.
        (await gateway.PostAsync("coupons/redeem", new { code = good }, shared)).Expect(HttpStatusCode.OK);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => gateway.PostAsync("coupons/redeem", new { code = $"WRONG-{i}" }, shared)));
        Assert.Equal((10, 30), (answers.Count(one => one.Code == "not_found"), answers.Count(one => one.Code == "rate_limited")));

        foreach (var credential in new[] { shared, owner, await gateway.OpenAsync(await gateway.CreateTeamAsync(owner), owner) })
        {
            var refused = await gateway.PostAsync("coupons/redeem", new { code = other }, credential);
            Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), (refused.Status, refused.Code));
            Assert.InRange(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 900);
        }

        // Another person is not held up by it, but in the wallet that was used for guessing.
        var (_, member, inTeam) = await gateway.JoinAsync(owner, team);
        Assert.Equal("rate_limited", (await gateway.PostAsync("coupons/redeem", new { code = other }, inTeam)).Code);
        (await gateway.PostAsync("coupons/redeem", new { code = other }, member)).Expect(HttpStatusCode.OK);
    }

    private async Task<string> NewCouponAsync()
    {
        var code = "P-" + Guid.NewGuid().ToString("N", System.Globalization.CultureInfo.InvariantCulture).ToUpperInvariant();
        (await gateway.Client.AdminAsync(HttpMethod.Post, "admin/billing/coupons", new { code, credits = 5, max_uses = 100 }))
            .Expect(HttpStatusCode.Created);
        return code;
    }
}
