using System.Net;
using System.Text.Json;

namespace MeteringGateway.FunctionalTests.Accounts.People;

/// <summary>A person is in a team only by its own word, and inviting tells nothing of who has an email.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class InvitationTests(PeopleGateway gateway)
{
    [Fact]
    public async Task Invite_AnyEmail_ReadsTheSame()
    {
        var (_, ownersEmail, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        var (memberId, _, _) = await gateway.JoinAsync(owner, team);
        var memberEmail = await gateway.ScalarAsync<string>("select email from accounts where id = @memberId", new { memberId });
        var (_, known, _) = await gateway.SignUpAsync();
        var (_, teamsEmail, _) = await gateway.SignUpAsync(kind: "team");

        foreach (var email in new[] { known, known, "nobody@example.com", ownersEmail, memberEmail, teamsEmail })
        {
            var answer = await gateway.PostAsync($"api/me/teams/{team}/members", new { email }, owner);
            Assert.Equal(HttpStatusCode.Accepted, answer.Status);
            Assert.Equal($$"""{"email":"{{email}}","role":"member","status":"invited"}""", answer.Text);
        }

        Assert.Equal(2, await gateway.ScalarAsync<int>("select count(*) from team_members where team_id = @team", new { team }));
        Assert.Equal(
            [known, "nobody@example.com", teamsEmail], (await SentAsync(owner, team)).Select(one => one.GetProperty("email").GetString()));
    }

    [Fact]
    public async Task Accept_ByTheInvitedAlone_JoinsOnce()
    {
        var (_, _, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        var (_, email, invited) = await gateway.SignUpAsync();
        var (_, _, stranger) = await gateway.SignUpAsync();
        await InviteAsync(owner, team, email.ToUpperInvariant(), "billing");
        var invitation = Assert.Single(await ReceivedAsync(invited));
        var path = $"api/me/invitations/{invitation.GetProperty("id").GetInt64()}";
        Assert.Equal((team, "The team", "billing"), (
            invitation.GetProperty("team_id").GetInt64(), invitation.GetProperty("team_name").GetString(),
            invitation.GetProperty("role").GetString()));

        foreach (var other in new[] { stranger, owner })
        {
            Assert.Empty(await ReceivedAsync(other));
            Assert.Equal("not_found", (await gateway.PostAsync(path + "/accept", new { }, other)).Code);
            Assert.Equal("not_found", (await gateway.PostAsync(path + "/decline", new { }, other)).Code);
        }

        Assert.Equal("not_found", (await gateway.PostAsync($"api/me/teams/{team}/session", new { }, invited)).Code);
        var accepts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => gateway.PostAsync(path + "/accept", new { }, invited)));
        Assert.All(accepts, accept =>
            Assert.Equal((HttpStatusCode.OK, "billing"), (accept.Status, accept.ExpectSuccess().GetProperty("role").GetString())));
        Assert.Equal(1, await gateway.ScalarAsync<int>(
            "select count(*) from team_members where team_id = @team and role = 'billing'", new { team }));
        Assert.Equal("not_found", (await gateway.PostAsync(path + "/decline", new { }, invited)).Code);
        Assert.Empty(await ReceivedAsync(invited));
    }

    [Fact]
    public async Task Invitation_DeclinedWithdrawnOrExpired_IsNoWayIn()
    {
        var (_, _, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        var (_, email, invited) = await gateway.SignUpAsync();

        var declined = await InvitedAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await gateway.PostAsync(declined + "/decline", new { }, invited)).Status);
        Assert.Equal("not_found", (await gateway.PostAsync(declined + "/accept", new { }, invited)).Code);
        Assert.Single(await SentAsync(owner, team));

        var withdrawn = await InvitedAsync();
        var id = withdrawn.Split('/')[^1];
        Assert.Equal("not_found", (await gateway.DeleteAsync($"api/me/teams/{team}/invitations/{id}", invited)).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await gateway.DeleteAsync($"api/me/teams/{team}/invitations/{id}", owner)).Status);
        Assert.Equal("not_found", (await gateway.PostAsync(withdrawn + "/accept", new { }, invited)).Code);

        var expired = await InvitedAsync();
        await gateway.ExecuteAsync(
            "update team_invitations set expires_at = now() - interval '1 second' where team_id = @team", new { team });
        Assert.Equal("not_found", (await gateway.PostAsync(expired + "/accept", new { }, invited)).Code);
        Assert.Empty(await ReceivedAsync(invited));

        async Task<string> InvitedAsync()
        {
            await InviteAsync(owner, team, email, "member");
            return $"api/me/invitations/{Assert.Single(await ReceivedAsync(invited)).GetProperty("id").GetInt64()}";
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Invitation_OfAnOwnerWhoIsNoneAnyMore_IsNoWayIn(bool isRemoved)
    {
        var (_, _, first) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(first);
        var (secondId, second, _) = await gateway.JoinAsync(first, team, "owner");
        var (_, email, puppet) = await gateway.SignUpAsync();
        await InviteAsync(second, team, email, "owner");
        var id = Assert.Single(await ReceivedAsync(puppet)).GetProperty("id").GetInt64();

        var member = $"api/me/teams/{team}/members/{secondId}";
        var gone = isRemoved ? await gateway.DeleteAsync(member, first) : await gateway.PatchAsync(member, new { role = "billing" }, first);
        Assert.Equal(isRemoved ? HttpStatusCode.NoContent : HttpStatusCode.OK, gone.Status);

        Assert.Empty(await ReceivedAsync(puppet));
        Assert.Equal("not_found", (await gateway.PostAsync($"api/me/invitations/{id}/accept", new { }, puppet)).Code);
        Assert.Equal("not_found", (await gateway.GetAsync($"api/me/teams/{team}/members", puppet)).Code);
    }

    [Fact]
    public async Task Member_InvitedWhileIn_CanNotComeBackAfterItsRemoval()
    {
        var (_, _, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        var (id, session, _) = await gateway.JoinAsync(owner, team);
        await InviteAsync(owner, team, await gateway.ScalarAsync<string>("select email from accounts where id = @id", new { id }), "owner");

        Assert.Equal(HttpStatusCode.NoContent, (await gateway.DeleteAsync($"api/me/teams/{team}/members/{id}", owner)).Status);

        Assert.Empty(await ReceivedAsync(session));
    }

    private async Task InviteAsync(string owner, long team, string email, string role) =>
        (await gateway.PostAsync($"api/me/teams/{team}/members", new { email, role }, owner)).Expect(HttpStatusCode.Accepted);

    private async Task<JsonElement[]> ReceivedAsync(string session) =>
        [.. (await gateway.GetAsync("api/me/invitations", session)).ExpectSuccess().GetProperty("invitations").EnumerateArray()];

    private async Task<JsonElement[]> SentAsync(string owner, long team) =>
        [.. (await gateway.GetAsync($"api/me/teams/{team}/invitations", owner)).ExpectSuccess()
            .GetProperty("invitations").EnumerateArray()];
}
