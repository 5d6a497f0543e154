using System.Net;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.People;

/// <summary>Whose account an identity opens: nobody keeps a way into what somebody else proves to be theirs.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class IdentityTests(PeopleGateway gateway)
{
    [Fact]
    public async Task FirstBinding_ByEmailAlone_EndsWhatWasThereWithANotice()
    {
        // Somebody signs up with an address that is not theirs, and leaves as many ways back in as there are.
        var (id, email, session) = await gateway.SignUpAsync();
        var second = (await gateway.PostAsync("api/auth/sign-in", new { email, password = "correct horse" })).ExpectSuccess()
            .GetProperty("session").GetString()!;
        var key = (await gateway.PostAsync("api/me/keys", new { name = "k" }, session)).Expect(HttpStatusCode.Created)
            .GetProperty("key").GetString()!;
        var team = await gateway.CreateTeamAsync(session);
        var shared = await gateway.OpenAsync(team, session);
        var inTeam = (await gateway.PostAsync("api/me/keys", new { name = "k" }, shared)).Expect(HttpStatusCode.Created)
            .GetProperty("key").GetString()!;
        var trojan = Token($$"""{"active":true,"sub":"{{Guid.NewGuid()}}","aud":"metering"}""");
        (await gateway.PostAsync("api/auth/identity", new { token = trojan }, session)).ExpectSuccess();
        Assert.Equal(id, (await BearerAsync(trojan)).Identity?.AccountId);
        await gateway.Client.CreditAsync(id, 10);

        var owners = Token($$"""{"active":true,"sub":"{{Guid.NewGuid()}}","email":"{{email}}","email_verified":true,"aud":"metering"}""");
        Assert.Equal(id, (await BearerAsync(owners)).Identity?.AccountId);

        foreach (var ended in new[] { session, second, shared, key, inTeam })
        {
            Assert.Equal(AuthenticationStatus.Invalid, (await BearerAsync(ended)).Status);
        }

        Assert.Equal(AuthenticationStatus.Invalid, (await BearerAsync(trojan)).Status);
        Assert.Equal("invalid_key", (await gateway.Client.QueryAsync(key, new { surface = "search" })).Code);
        Assert.Equal("invalid_key", (await gateway.PostAsync("api/auth/sign-in", new { email, password = "correct horse" })).Code);
        var notice = Assert.Single(
            (await gateway.GetAsync("api/me/events?type=identity_bound", owners)).ExpectSuccess().GetProperty("events").EnumerateArray());
        Assert.Equal("identity_bound", notice.GetProperty("type").GetString());

        // What the owner makes from here on stays, also when the token is shown again.
        var own = (await gateway.PostAsync("api/me/keys", new { name = "own" }, owners)).Expect(HttpStatusCode.Created)
            .GetProperty("key").GetString()!;
        Assert.Equal(id, (await BearerAsync(owners)).Identity?.AccountId);
        Assert.Equal(AuthenticationStatus.Accepted, (await BearerAsync(own)).Status);
    }

    [Fact]
    public async Task FirstBinding_OfATeamsAccount_EndsItsMembersAndInvitations()
    {
        // The person that took the address for a team's account has let other accounts of theirs into its wallet.
        var (id, email, session) = await gateway.SignUpAsync(kind: "team");
        var (_, member, shared) = await gateway.JoinAsync(session, id, "owner");
        var key = (await gateway.PostAsync("api/me/keys", new { name = "k" }, shared)).Expect(HttpStatusCode.Created)
            .GetProperty("key").GetString()!;
        var (_, invitedEmail, invited) = await gateway.SignUpAsync();
        (await gateway.PostAsync($"api/me/teams/{id}/members", new { email = invitedEmail, role = "owner" }, session))
            .Expect(HttpStatusCode.Accepted);
        var invitation = Assert.Single(
            (await gateway.GetAsync("api/me/invitations", invited)).ExpectSuccess().GetProperty("invitations").EnumerateArray());

        var owners = Token($$"""{"active":true,"sub":"{{Guid.NewGuid()}}","email":"{{email}}","email_verified":true,"aud":"metering"}""");
        Assert.Equal(id, (await BearerAsync(owners)).Identity?.AccountId);

        foreach (var ended in new[] { session, shared, key })
        {
            Assert.Equal(AuthenticationStatus.Invalid, (await BearerAsync(ended)).Status);
        }

        Assert.Equal("not_found", (await gateway.PostAsync($"api/me/teams/{id}/session", new { }, member)).Code);
        Assert.Equal(
            "not_found",
            (await gateway.PostAsync($"api/me/invitations/{invitation.GetProperty("id").GetInt64()}/accept", new { }, invited)).Code);
        Assert.Empty(
            (await gateway.GetAsync($"api/me/teams/{id}/members", owners)).ExpectSuccess().GetProperty("members").EnumerateArray());
    }

    [Fact]
    public async Task SecondIdentity_WithAProvenEmail_DoesNotGetTheAccount()
    {
        var (id, email, _) = await gateway.SignUpAsync();
        Assert.Equal(id, (await BearerAsync(Token(
            $$"""{"active":true,"sub":"{{Guid.NewGuid()}}","email":"{{email}}","email_verified":true,"aud":"metering"}"""))).Identity?.AccountId);

        var later = Token($$"""{"active":true,"sub":"{{Guid.NewGuid()}}","email":"{{email}}","email_verified":true,"aud":"metering"}""");
        Assert.Equal(AuthenticationStatus.Invalid, (await BearerAsync(later)).Status);
    }

    [Fact]
    public async Task Binding_FromASession_EndsNothingAndProvesAnEmailThatIsTheAccounts()
    {
        var (id, email, session) = await gateway.SignUpAsync();
        var key = (await gateway.PostAsync("api/me/keys", new { name = "k" }, session)).Expect(HttpStatusCode.Created)
            .GetProperty("key").GetString()!;
        var subject = Guid.NewGuid().ToString();
        var token = Token($$"""{"active":true,"sub":"{{subject}}","email":"{{email}}","email_verified":true,"aud":"metering"}""");

        var bound = (await gateway.PostAsync("api/auth/identity", new { token }, session)).Expect(HttpStatusCode.OK);
        Assert.Equal((id, subject), (bound.GetProperty("account_id").GetInt64(), bound.GetProperty("subject").GetString()));
        (await gateway.PostAsync("api/auth/identity", new { token }, session)).Expect(HttpStatusCode.OK);

        Assert.Equal(id, (await BearerAsync(token)).Identity?.AccountId);
        Assert.Equal(AuthenticationStatus.Accepted, (await BearerAsync(session)).Status);
        Assert.Equal(AuthenticationStatus.Accepted, (await BearerAsync(key)).Status);
        (await gateway.PostAsync("api/auth/sign-in", new { email, password = "correct horse" })).ExpectSuccess();
        var another = Token($$"""{"active":true,"sub":"{{Guid.NewGuid()}}","email":"{{email}}","email_verified":true,"aud":"metering"}""");
        Assert.Equal(AuthenticationStatus.Invalid, (await BearerAsync(another)).Status);
    }

    [Fact]
    public async Task Binding_OfAnothersIdentityOrWithTheWrongCredential_IsRefused()
    {
        var (_, _, session) = await gateway.SignUpAsync();
        var (_, _, other) = await gateway.SignUpAsync();
        var token = Token($$"""{"active":true,"sub":"{{Guid.NewGuid()}}","aud":"metering"}""");
        (await gateway.PostAsync("api/auth/identity", new { token }, session)).ExpectSuccess();
        var key = (await gateway.PostAsync("api/me/keys", new { name = "k" }, session)).Expect(HttpStatusCode.Created)
            .GetProperty("key").GetString()!;
        var shared = await gateway.OpenAsync(await gateway.CreateTeamAsync(session), session);

        Assert.Equal("conflict", (await gateway.PostAsync("api/auth/identity", new { token }, other)).Code);
        Assert.Equal("forbidden", (await gateway.PostAsync("api/auth/identity", new { token }, key)).Code);
        Assert.Equal("forbidden", (await gateway.PostAsync("api/auth/identity", new { token }, shared)).Code);
        Assert.Equal("forbidden", (await gateway.PostAsync("api/auth/identity", new { token }, token)).Code);
        Assert.Equal("invalid_key", (await gateway.PostAsync("api/auth/identity", new { token })).Code);
        Assert.Equal("invalid_request", (await gateway.PostAsync("api/auth/identity", new { }, other)).Code);
        foreach (var wrong in new[]
        {
            Token("""{"active":false}"""), Token("""{"active":true,"aud":"metering"}"""),
            Token("""{"active":true,"sub":"x","aud":"elsewhere"}"""),
        })
        {
            Assert.Equal("invalid_request", (await gateway.PostAsync("api/auth/identity", new { token = wrong }, other)).Code);
        }

        var before = gateway.IdentityProvider.Count;
        Assert.Equal("invalid_request", (await gateway.PostAsync("api/auth/identity", new { token = key }, other)).Code);
        Assert.Equal(before, gateway.IdentityProvider.Count);
    }

    [Fact]
    public async Task FirstBinding_ManyAtOnce_KeepsWhatTheOwnerMakes()
    {
        var (id, email, _) = await gateway.SignUpAsync();
        var subject = Guid.NewGuid().ToString();
        gateway.IdentityProvider.Script = _ =>
            FakeReply.Json($$"""{"active":true,"sub":"{{subject}}","email":"{{email}}","email_verified":true,"aud":"metering"}""");
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => BearerAsync(Guid.NewGuid().ToString("N"))));
        Assert.All(replies, reply => Assert.Equal(id, reply.Identity?.AccountId));
        Assert.Equal(1, await gateway.ScalarAsync<int>(
            "select count(*) from notices where account_id = @id and type = 'identity_bound'", new { id }));
    }

    private Task<AuthenticationReply> BearerAsync(string token) => gateway.AuthenticateAsync("Authorization", "Bearer " + token);

    /// <summary>A new token that the provider has answered for once, so that it is remembered.</summary>
    private string Token(string json)
    {
        var token = Guid.NewGuid().ToString("N");
        var before = gateway.IdentityProvider.Script;
        gateway.IdentityProvider.Script = request =>
            System.Text.Encoding.UTF8.GetString(request.Body).Contains(token, StringComparison.Ordinal)
                ? FakeReply.Json(json)
                : before(request);
        return token;
    }
}
