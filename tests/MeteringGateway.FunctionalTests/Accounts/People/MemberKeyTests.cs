using System.Net;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.People;

/// <summary>What keys a plain member may make, and what becomes of them.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class MemberKeyTests(PeopleGateway gateway)
{
    [Fact]
    public async Task Member_MakingKeys_KeepsWithinItsLimit()
    {
        var (_, _, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        var (id, _, session) = await gateway.JoinAsync(owner, team);
        var changed = (await gateway.PatchAsync($"api/me/teams/{team}/members/{id}", new { key_limit = 50 }, owner)).ExpectSuccess();
        Assert.Equal(("member", 50), (changed.GetProperty("role").GetString(), changed.GetProperty("key_limit").GetInt64()));

        foreach (var tooMuch in new object[]
        {
            new { name = "k", spending_limit = 51 },
            new { name = "k", spending_limit = (long?)null },
            new { name = "k" },
            new { name = "k", spending_limit = 51, spending_type = "RECURRING", spending_period = "DAILY" },
            new
            {
                name = "k",
                limits = new object[]
                {
                    new { type = "FIXED", limit = 1_000_000 }, new { type = "RECURRING", period = "DAILY", limit = 10 },
                },
            },
            new { name = "k", limits = Array.Empty<object>() },
        })
        {
            Assert.Equal("role_required", (await gateway.PostAsync("api/me/keys", tooMuch, session)).Code);
        }

        Assert.Equal(0, await gateway.ScalarAsync<int>("select count(*) from keys where account_id = @team", new { team }));
        (await gateway.PostAsync("api/me/keys", new { name = "test", mode = "test" }, session)).Expect(HttpStatusCode.Created);
        var made = (await gateway.PostAsync("api/me/keys", new { name = "k", spending_limit = 50 }, session))
            .Expect(HttpStatusCode.Created);
        Assert.Equal(id, made.GetProperty("made_by").GetProperty("account_id").GetInt64());
        var key = $"api/me/keys/{made.GetProperty("id").GetInt64()}";
        Assert.Equal("role_required", (await gateway.PatchAsync(key, new { spending_limit = 51 }, session)).Code);
        Assert.Equal("role_required", (await gateway.PatchAsync(key, new { limits = (object?)null }, session)).Code);
        (await gateway.PatchAsync(key, new { spending_limit = 20, name = "less" }, session)).ExpectSuccess();
        (await gateway.PostAsync(key + "/rotate", new { }, session)).ExpectSuccess();
        Assert.Equal("invalid_request", (await gateway.PostAsync(key + "/rotate", new { spending_limit = 500 }, session)).Code);
        Assert.Equal(20, (await gateway.GetAsync(key, session)).ExpectSuccess().GetProperty("spending_limit").GetInt64());

        // What an owner has given stays through a change of something else.
        (await gateway.PatchAsync(key, new { spending_limit = 500 }, await gateway.OpenAsync(team, owner))).ExpectSuccess();
        (await gateway.PatchAsync(key, new { name = "more" }, session)).ExpectSuccess();
        Assert.Equal("role_required", (await gateway.PatchAsync(key, new { spending_limit = 499 }, session)).Code);

        // An owner may take the bound away.
        (await gateway.PatchAsync($"api/me/teams/{team}/members/{id}", new { key_limit = (long?)null }, owner)).ExpectSuccess();
        (await gateway.PostAsync("api/me/keys", new { name = "any" }, session)).Expect(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("""{"role":"member"}""", "100")]
    [InlineData("""{"role":"member","key_limit":7}""", "7")]
    public async Task Owner_Demoted_HasItsKeysLowered(string body, string limit)
    {
        var (_, _, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        await gateway.Client.CreditAsync(team, 1000);
        var (id, _, session) = await gateway.JoinAsync(owner, team, "owner");
        var key = (await gateway.PostAsync("api/me/keys", new { name = "all" }, session)).Expect(HttpStatusCode.Created);
        var several = (await gateway.PostAsync(
            "api/me/keys",
            new
            {
                name = "several",
                limits = new object[]
                {
                    new { type = "FIXED", limit = 1_000_000 }, new { type = "RECURRING", period = "DAILY", limit = 3 },
                },
            },
            session)).Expect(HttpStatusCode.Created);

        (await gateway.Client.SendAsync(
            HttpMethod.Patch, $"api/me/teams/{team}/members/{id}", owner,
            new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).ExpectSuccess();

        Assert.Equal(limit, await LimitsAsync(key.GetProperty("id").GetInt64()));
        Assert.Equal(limit + ",3", await LimitsAsync(several.GetProperty("id").GetInt64()));
        gateway.IdentityProvider.Script = _ => FakeReply.Json("""{"answer":42}""");
        var self = (await gateway.GetAsync("api/v1/key", key.GetProperty("key").GetString())).ExpectSuccess();
        Assert.Equal(
            long.Parse(limit, System.Globalization.CultureInfo.InvariantCulture),
            self.GetProperty("limits")[0].GetProperty("remaining").GetInt64());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Member_Removed_KeysEndUnlessTheOwnerKeepsThem(bool keeps)
    {
        var (_, _, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        await gateway.Client.CreditAsync(team, 100);
        var (id, session, shared) = await gateway.JoinAsync(owner, team);
        var made = (await gateway.PostAsync("api/me/keys", new { name = "theirs", spending_limit = 50 }, shared))
            .Expect(HttpStatusCode.Created);
        var key = made.GetProperty("key").GetString()!;
        var own = (await gateway.PostAsync("api/me/keys", new { name = "at home" }, session)).Expect(HttpStatusCode.Created)
            .GetProperty("key").GetString()!;
        gateway.IdentityProvider.Script = _ => FakeReply.Json("""{"answer":42}""");
        (await gateway.Client.QueryAsync(key, new { surface = "search" })).ExpectSuccess();

        var path = $"api/me/teams/{team}/members/{id}";
        Assert.Equal("role_required", (await gateway.DeleteAsync(path + "?keep_keys=true", session)).Code);
        Assert.Equal("invalid_request", (await gateway.DeleteAsync(path + "?keep_keys=yes", owner)).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await gateway.DeleteAsync(keeps ? path + "?keep_keys=true" : path, owner)).Status);

        var query = await gateway.Client.QueryAsync(key, new { surface = "search" });
        Assert.Equal(keeps ? null : "invalid_key", query.Code);
        Assert.Equal(AuthenticationStatus.Invalid, (await gateway.AuthenticateAsync("X-Session", shared)).Status);
        var listed = (await gateway.GetAsync("api/me/keys", await gateway.OpenAsync(team, owner))).ExpectSuccess().GetProperty("keys")[0];
        Assert.Equal(
            (id, keeps ? "active" : "revoked"),
            (listed.GetProperty("made_by").GetProperty("account_id").GetInt64(), listed.GetProperty("status").GetString()));
        Assert.Equal(
            keeps ? "role_required" : "invalid_key", (await gateway.PostAsync("api/me/purchases", new { package_slug = "x" }, key)).Code);
        Assert.Equal(AuthenticationStatus.Accepted, (await gateway.AuthenticateAsync("X-Api-Key", own)).Status);
    }

    [Fact]
    public async Task Member_MakingKeysWhileBeingRemoved_LeavesNone()
    {
        for (var round = 0; round < 5; round++)
        {
            var (_, _, owner) = await gateway.SignUpAsync();
            var team = await gateway.CreateTeamAsync(owner);
            var (id, _, shared) = await gateway.JoinAsync(owner, team);

            await Task.WhenAll(
                Task.WhenAll(
                    Enumerable.Range(0, 6).Select(_ => gateway.PostAsync("api/me/keys", new { name = "k", spending_limit = 5 }, shared))),
                gateway.DeleteAsync($"api/me/teams/{team}/members/{id}", owner));

            Assert.Equal(0, await gateway.ScalarAsync<int>(
                "select count(*) from keys where account_id = @team and status = 'active'", new { team }));
        }
    }

    private Task<string> LimitsAsync(long id) =>
        gateway.ScalarAsync<string>(
            "select concat_ws(',', limit_fixed, limit_daily, limit_weekly, limit_monthly) from keys where id = @id", new { id });
}
