using System.Net;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.People;

[Collection(PeopleTestGroup.Name)]
public sealed class TeamTests(PeopleGateway gateway)
{
    [Fact]
    public async Task Team_MembersSessions_OpenTheSameWallet()
    {
        var (ownerId, _, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        await gateway.Client.CreditAsync(team, 500);
        var (_, _, stranger) = await gateway.SignUpAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.PostAsync($"api/me/teams/{team}/session", new { }, stranger)).Status);

        var (memberId, member, shared) = await gateway.JoinAsync(owner, team);
        var identity = (await gateway.AuthenticateAsync("X-Session", shared)).Identity!;
        Assert.Equal((memberId, team), (identity.AccountId, identity.WalletAccountId));
        var own = (await gateway.AuthenticateAsync("X-Session", member)).Identity!;
        Assert.Equal((memberId, memberId), (own.AccountId, own.WalletAccountId));

        // A key that the member makes with the shared session is a key of the team.
        var key = (await gateway.PostAsync("api/me/keys", new { name = "shared", mode = "live", spending_limit = 100 }, shared))
            .Expect(HttpStatusCode.Created)
            .GetProperty("key").GetString()!;
        Assert.Equal(team, (await gateway.AuthenticateAsync("X-Api-Key", key)).Identity?.WalletAccountId);
        gateway.IdentityProvider.Script = _ => FakeReply.Json("""{"answer":42}""");
        var charged = await gateway.Client.QueryAsync(key, new { surface = "search" });
        Assert.Equal(498, charged.ExpectSuccess().GetProperty("remaining_credits").GetInt64());
        foreach (var person in new[] { owner, member })
        {
            var mine = Assert.Single(
                (await gateway.GetAsync("api/me/teams", person)).ExpectSuccess().GetProperty("teams").EnumerateArray());
            Assert.Equal((team, 498), (mine.GetProperty("id").GetInt64(), mine.GetProperty("credit_balance").GetInt64()));
        }

        Assert.NotEqual(ownerId, team);
    }

    [Fact]
    public async Task Member_Removed_LosesTheSharedSessionAtOnce()
    {
        var (_, _, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        var (memberId, member, shared) = await gateway.JoinAsync(owner, team);

        Assert.Equal(HttpStatusCode.NoContent, (await gateway.DeleteAsync($"api/me/teams/{team}/members/{memberId}", owner)).Status);

        Assert.Equal(AuthenticationStatus.Invalid, (await gateway.AuthenticateAsync("X-Session", shared)).Status);
        Assert.Equal(AuthenticationStatus.Accepted, (await gateway.AuthenticateAsync("X-Session", member)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.GetAsync($"api/me/teams/{team}/members", member)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.DeleteAsync($"api/me/teams/{team}/members/{memberId}", owner)).Status);
    }

    [Fact]
    public async Task Members_WhoMayWhat_IsKept()
    {
        var (ownerId, _, owner) = await gateway.SignUpAsync();
        var (strangerId, strangerEmail, stranger) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        var members = $"api/me/teams/{team}/members";
        var (_, member, _) = await gateway.JoinAsync(owner, team);
        var (_, billing, _) = await gateway.JoinAsync(owner, team, "billing");

        foreach (var lesser in new[] { member, billing })
        {
            Assert.Equal("role_required", (await gateway.PostAsync(members, new { email = strangerEmail }, lesser)).Code);
            Assert.Equal("role_required", (await gateway.DeleteAsync($"{members}/{ownerId}", lesser)).Code);
            Assert.Equal("role_required", (await gateway.PatchAsync($"{members}/{ownerId}", new { role = "member" }, lesser)).Code);
            Assert.Equal("role_required", (await gateway.GetAsync($"api/me/teams/{team}/invitations", lesser)).Code);
        }

        Assert.Equal("not_found", (await gateway.PostAsync(members, new { email = strangerEmail }, stranger)).Code);
        Assert.Equal("not_found", (await gateway.PatchAsync($"{members}/{ownerId}", new { role = "member" }, stranger)).Code);
        Assert.Equal("invalid_key", (await gateway.PostAsync(members, new { email = strangerEmail })).Code);
        Assert.Equal("invalid_request", (await gateway.PostAsync(members, new { email = strangerEmail, role = "king" }, owner)).Code);
        Assert.Equal("invalid_request", (await gateway.PatchAsync($"{members}/{ownerId}", new { role = "king" }, owner)).Code);
        Assert.Equal("invalid_request", (await gateway.PatchAsync($"{members}/{ownerId}", new { }, owner)).Code);
        Assert.Equal("conflict", (await gateway.DeleteAsync($"{members}/{ownerId}", owner)).Code);
        Assert.Equal("conflict", (await gateway.PatchAsync($"{members}/{ownerId}", new { role = "billing" }, owner)).Code);
        Assert.Equal("not_found", (await gateway.GetAsync($"api/me/teams/{ownerId}/members", owner)).Code);
        Assert.Equal(3, (await gateway.GetAsync(members, member)).ExpectSuccess().GetProperty("members").GetArrayLength());

        // The operator may do the same; a person may not do it there.
        (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{team}/members", new { email = strangerEmail, role = "owner" }))
            .Expect(HttpStatusCode.Created);
        Assert.Equal("forbidden", (await gateway.GetAsync($"admin/accounts/{team}/members", owner)).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await gateway.DeleteAsync($"{members}/{ownerId}", owner)).Status);
        Assert.Equal("conflict", (await gateway.Client.AdminAsync(HttpMethod.Delete, $"admin/accounts/{team}/members/{strangerId}")).Code);
        Assert.Equal("not_found", (await gateway.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{ownerId}/members")).Code);
    }

    [Fact]
    public async Task Owners_RemovingEachOtherAtOnce_LeaveOne()
    {
        for (var round = 0; round < 5; round++)
        {
            var (firstId, _, first) = await gateway.SignUpAsync();
            var team = await gateway.CreateTeamAsync(first);
            var (secondId, second, _) = await gateway.JoinAsync(first, team, "owner");

            await Task.WhenAll(
                round % 2 == 0 ? gateway.DeleteAsync($"api/me/teams/{team}/members/{secondId}", first)
                    : gateway.PatchAsync($"api/me/teams/{team}/members/{secondId}", new { role = "member" }, first),
                gateway.DeleteAsync($"api/me/teams/{team}/members/{firstId}", second));

            Assert.Equal(1, await gateway.ScalarAsync<int>(
                "select count(*) from team_members where team_id = @team and role = 'owner'", new { team }));
        }
    }

    [Fact]
    public async Task Team_KeyOrTeamAccount_CanNotHaveTeams()
    {
        var (id, _, session) = await gateway.SignUpAsync(kind: "team");
        var key = await gateway.Client.CreateKeyAsync(id);

        Assert.Equal("forbidden", (await gateway.PostAsync("api/me/teams", new { full_name = "Nested" }, session)).Code);
        Assert.Equal("forbidden", (await gateway.GetAsync("api/me/teams", key)).Code);
        await gateway.JoinAsync(session, id);
    }
}
