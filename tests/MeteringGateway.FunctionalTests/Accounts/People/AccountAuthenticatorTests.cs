using System.Text;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.People;

[Collection(PeopleTestGroup.Name)]
public sealed class AccountAuthenticatorTests(PeopleGateway gateway)
{
    [Fact]
    public async Task Key_RevokedOrSuspended_IsRefusedFromTheNextCall()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var made = (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/keys", new { name = "k", mode = "test" }))
            .ExpectSuccess();
        var key = made.GetProperty("key").GetString()!;

        var accepted = await gateway.AuthenticateAsync("Authorization", "Bearer " + key);
        Assert.Equal(new AccountIdentity(account, account, KeyMode.Test, AccountIdentity.Key), accepted.Identity);
        await gateway.Client.AdminAsync(HttpMethod.Patch, $"admin/accounts/{account}", new { status = "suspended" });
        Assert.Equal(AuthenticationStatus.Suspended, (await gateway.AuthenticateAsync("X-Api-Key", key)).Status);
        await gateway.Client.AdminAsync(HttpMethod.Patch, $"admin/accounts/{account}", new { status = "active" });
        Assert.Equal(AuthenticationStatus.Accepted, (await gateway.AuthenticateAsync("X-Api-Key", key)).Status);
        await gateway.Client.AdminAsync(HttpMethod.Delete, $"admin/keys/{made.GetProperty("id").GetInt64()}");
        Assert.Equal(AuthenticationStatus.Invalid, (await gateway.AuthenticateAsync("X-Api-Key", key)).Status);
    }

    [Fact]
    public async Task Token_ActiveWithAKnownEmail_IsThatAccountAndStaysIt()
    {
        var (id, email, _) = await gateway.SignUpAsync();
        var (_, other, _) = await gateway.SignUpAsync();
        var subject = Guid.NewGuid().ToString();
        var token = Answers(
            $$"""{"active":true,"sub":"{{subject}}","email":"{{email}}","email_verified":true,"aud":["x","metering"],"exp":4102444800}""");

        Assert.Equal(
            new AccountIdentity(id, id, null, AccountIdentity.OAuth)
            {
                Proof = new CallerProof(null, new BoundIdentity(id, gateway.IdentityProvider.Address + "/introspect", subject)),
            },
            (await gateway.AuthenticateAsync("Authorization", "Bearer " + token)).Identity);
        Assert.Equal(0, (await gateway.GetAsync("api/me/keys", token)).ExpectSuccess().GetProperty("total").GetInt32());
        var asked = gateway.IdentityProvider.Requests[^1];
        Assert.Equal("/introspect", asked.Target);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("gate%3Away:s%E2%82%ACcret")), asked.Header("Authorization"));
        Assert.Equal($"token={token}&token_type_hint=access_token", Encoding.UTF8.GetString(asked.Body));

        // The same person, whose email at the provider is now another account's.
        var moved = Answers($$"""{"active":true,"sub":"{{subject}}","email":"{{other}}","email_verified":true,"aud":"metering"}""");
        Assert.Equal(id, (await gateway.AuthenticateAsync("Authorization", "Bearer " + moved)).Identity?.AccountId);
    }

    [Fact]
    public async Task Token_AskedAgain_IsRemembered()
    {
        var (_, email, _) = await gateway.SignUpAsync();
        var token = Answers($$"""{"active":true,"email":"{{email}}","email_verified":true,"aud":"metering"}""");
        var before = gateway.IdentityProvider.Count;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(AuthenticationStatus.Accepted, (await gateway.AuthenticateAsync("Authorization", "Bearer " + token)).Status);
        }

        Assert.Equal(before + 1, gateway.IdentityProvider.Count);
        await gateway.ExecuteAsync("update accounts set status = 'suspended' where lower(email) = lower(@email)", new { email });
        Assert.Equal(AuthenticationStatus.Suspended, (await gateway.AuthenticateAsync("Authorization", "Bearer " + token)).Status);
    }

    [Theory]
    [InlineData("""{"active":false}""")]
    [InlineData("""{"active":true,"email":"nobody@example.com","email_verified":true,"aud":"metering"}""")]
    [InlineData("""{"active":true,"email":"EMAIL","email_verified":true}""")]
    [InlineData("""{"active":true,"email":"EMAIL","email_verified":true,"aud":"elsewhere"}""")]
    [InlineData("""{"active":true,"email":"EMAIL","email_verified":true,"aud":"metering","exp":1}""")]
    [InlineData("""{"active":true,"email":"EMAIL","email_verified":true,"aud":"metering","nbf":4102444800}""")]
    [InlineData("""{"active":true,"email":"EMAIL","email_verified":false,"aud":"metering"}""")]
    [InlineData("""{"active":true,"sub":"s1","email":"EMAIL","email_verified":"true","aud":"metering"}""")]
    [InlineData("""{"active":true,"sub":"s1","email":"EMAIL","email_verified":"false","aud":"metering"}""")]
    [InlineData("""{"active":true,"sub":"s1","email":"EMAIL","email_verified":1,"aud":"metering"}""")]
    [InlineData("""{"active":true,"sub":"s1","email":"EMAIL","email_verified":null,"aud":"metering"}""")]
    [InlineData("""{"active":true,"sub":"s1","email":"EMAIL","aud":"metering"}""")]
    [InlineData("""{"active":true,"sub":"s1","username":"EMAIL","email_verified":true,"aud":"metering"}""")]
    [InlineData("""{"active":true,"sub":"EMAIL","email_verified":true,"aud":"metering"}""")]
    [InlineData("""{"active":true,"sub":"s1","email":["EMAIL"],"email_verified":true,"aud":"metering"}""")]
    [InlineData("""{"active":true,"aud":"metering"}""")]
    public async Task Token_NotGood_IsInvalid(string answer)
    {
        var (_, email, _) = await gateway.SignUpAsync();
        var token = Answers(answer.Replace("EMAIL", email, StringComparison.Ordinal));

        Assert.Equal(AuthenticationStatus.Invalid, (await gateway.AuthenticateAsync("Authorization", "Bearer " + token)).Status);
        Assert.Equal("invalid_key", (await gateway.GetAsync("api/me/teams", token)).Code);
    }

    [Theory]
    [InlineData(500, "{}")]
    [InlineData(401, "{}")]
    [InlineData(302, "{}")]
    [InlineData(200, "<html>")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"active":"true"}""")]
    [InlineData(200, """{"active":1}""")]
    [InlineData(200, """{"active":true,"exp":"soon"}""")]
    public async Task Token_ProviderAnswersNonsense_CantBeTold(int status, string answer)
    {
        var token = Guid.NewGuid().ToString("N");
        gateway.IdentityProvider.Script = _ => FakeReply.Json(answer, status);

        Assert.Equal(AuthenticationStatus.Unavailable, (await gateway.AuthenticateAsync("Authorization", "Bearer " + token)).Status);
        var refused = await gateway.GetAsync("api/me/teams", token);
        Assert.Equal(503, (int)refused.Status);
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task Token_ProviderHangs_CantBeToldWithinItsTimeout()
    {
        gateway.IdentityProvider.Script = _ => FakeReply.Hang();
        Assert.Equal(
            AuthenticationStatus.Unavailable, (await gateway.AuthenticateAsync("Authorization", "Bearer " + Guid.NewGuid())).Status);
    }

    [Fact]
    public async Task Secrets_OfOurs_AreNeverShownToTheProvider()
    {
        var before = gateway.IdentityProvider.Count;
        foreach (var secret in new[] { "mg_live_mistyped", "mgs_ended", "mgo_x", GatewayProcess.AdminToken })
        {
            Assert.Equal(AuthenticationStatus.Invalid, (await gateway.AuthenticateAsync("Authorization", "Bearer " + secret)).Status);
        }

        Assert.Equal(before, gateway.IdentityProvider.Count);
    }

    /// <summary>A new token of which the provider says what is given.</summary>
    private string Answers(string json)
    {
        gateway.IdentityProvider.Script = _ => FakeReply.Json(json);
        return Guid.NewGuid().ToString("N");
    }
}
