using System.Net;
using MeteringGateway.Http.Authentication;

namespace MeteringGateway.FunctionalTests.Accounts.People;

[Collection(PeopleTestGroup.Name)]
public sealed class AuthEndpointsTests(PeopleGateway gateway)
{
    [Fact]
    public async Task SignUp_NewEmail_OpensAPersonalAccountAndASession()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var answer = await gateway.PostAsync("api/auth/sign-up", new { email, password = "correct horse", full_name = "Ada Lovelace" });

        var json = answer.Expect(HttpStatusCode.Created);
        var user = json.GetProperty("user");
        Assert.Equal(
            (email, "Ada Lovelace", "personal"),
            (user.GetProperty("email").GetString(), user.GetProperty("full_name").GetString(), user.GetProperty("kind").GetString()));
        var session = json.GetProperty("session").GetString()!;
        foreach (var header in new[] { "X-Kendr-Session", "X-Session" })
        {
            Assert.Equal(user.GetProperty("id").GetInt64(), (await gateway.AuthenticateAsync(header, session)).Identity?.WalletAccountId);
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("api/me/teams", session)).Status);
        Assert.DoesNotContain("correct horse", await gateway.ScalarAsync<string>(
            "select hash from passwords where account_id = @id", new { id = user.GetProperty("id").GetInt64() }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "#/email #/password #/full_name")]
    [InlineData(
        """{"email":"no","password":"123456789","full_name":"","kind":"robot","x":1}""", "#/email #/password #/full_name #/kind #/x")]
    [InlineData("""{"email":1,"password":null,"full_name":"A"}""", "#/email #/password")]
    public async Task SignUp_WrongFields_NamesAllOfThem(string body, string pointers)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await gateway.Client.SendAsync(HttpMethod.Post, "api/auth/sign-up", null, content);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.Equal(
            pointers,
            string.Join(' ', answer.Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString())));
    }

    [Fact]
    public async Task SignUp_TakenEmail_IsRefusedAndChangesNothing()
    {
        var (id, email, _) = await gateway.SignUpAsync();
        var answer = await gateway.PostAsync(
            "api/auth/sign-up", new { email = email.ToUpperInvariant(), password = "another password", full_name = "Eve" });

        Assert.Equal((HttpStatusCode.Conflict, "conflict"), (answer.Status, answer.Code));
        Assert.DoesNotContain("Ada", answer.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("api/auth/sign-in", new { email, password = "correct horse" })).Status);
        Assert.Equal("Ada", await gateway.ScalarAsync<string>("select full_name from accounts where id = @id", new { id }));
    }

    [Fact]
    public async Task SignUp_ManyWithOneEmail_OneAccount()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var answers = await Task.WhenAll(Enumerable.Range(0, 5)
            .Select(_ => gateway.PostAsync("api/auth/sign-up", new { email, password = "correct horse", full_name = "A" })));

        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.Equal(4, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task SignIn_WrongPasswordUnknownEmailAndNoPassword_ReadTheSame()
    {
        var (_, email, _) = await gateway.SignUpAsync();
        var bare = $"{Guid.NewGuid():N}@example.com";
        await gateway.Client.CreateAccountAsync(email: bare);

        var answers = new List<string>();
        foreach (var tried in new[] { email, bare, "nobody@example.com" })
        {
            var answer = await gateway.PostAsync("api/auth/sign-in", new { email = tried, password = "wrong password" });
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.True(answer.Headers.ContainsKey("WWW-Authenticate"));
            answers.Add(answer.Text.Replace(answer.RequestId, "", StringComparison.Ordinal));
        }

        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task SignIn_RightPassword_OpensASessionWhichSignOutEnds()
    {
        var (id, email, _) = await gateway.SignUpAsync();
        var session = (await gateway.PostAsync("api/auth/sign-in", new { email, password = "correct horse" })).Expect(HttpStatusCode.OK)
            .GetProperty("session").GetString()!;
        Assert.Equal(id, (await gateway.AuthenticateAsync("Authorization", "Bearer " + session)).Identity?.AccountId);

        Assert.Equal(HttpStatusCode.NoContent, (await gateway.PostAsync("api/auth/sign-out", new { }, session)).Status);

        Assert.Equal(AuthenticationStatus.Invalid, (await gateway.AuthenticateAsync("X-Session", session)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.PostAsync("api/auth/sign-out", new { }, session)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.PostAsync("api/auth/sign-out", new { })).Status);
    }

    [Fact]
    public async Task SignIn_Suspended_IsToldSoOnlyWithTheRightPassword()
    {
        var (id, email, session) = await gateway.SignUpAsync();
        await gateway.ExecuteAsync("update accounts set status = 'suspended' where id = @id", new { id });

        Assert.Equal("invalid_key", (await gateway.PostAsync("api/auth/sign-in", new { email, password = "wrong password" })).Code);
        Assert.Equal("account_suspended", (await gateway.PostAsync("api/auth/sign-in", new { email, password = "correct horse" })).Code);
        Assert.Equal("account_suspended", (await gateway.GetAsync("api/me/teams", session)).Code);
        Assert.Equal("account_suspended", (await gateway.GetAsync("api/me/keys", session)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignIn_TooManyAttemptsAtOnce_AreRefusedForKnownAndUnknownEmails(bool isKnown)
    {
        var email = isKnown ? (await gateway.SignUpAsync()).Email : $"{Guid.NewGuid():N}@example.com";
        // The sign-up itself was an attempt.
        var allowed = isKnown ? 4 : 5;
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => gateway.PostAsync("api/auth/sign-in", new { email, password = "wrong password" })));

        Assert.Equal(allowed, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Unauthorized), answer =>
        {
            Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), (answer.Status, answer.Code));
            Assert.InRange(int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 180);
        });
        Assert.Equal(
            HttpStatusCode.TooManyRequests,
            (await gateway.PostAsync("api/auth/sign-in", new { email, password = "correct horse" })).Status);
    }

    [Fact]
    public async Task Password_Changed_EndsTheOtherSessionsAndOpensWithTheNewOne()
    {
        var (_, email, session) = await gateway.SignUpAsync();
        var other = (await gateway.PostAsync("api/auth/sign-in", new { email, password = "correct horse" })).ExpectSuccess()
            .GetProperty("session").GetString()!;
        var team = (await gateway.PostAsync("api/me/teams", new { full_name = "T" }, other)).ExpectSuccess().GetProperty("id").GetInt64();
        var shared = (await gateway.PostAsync($"api/me/teams/{team}/session", new { }, other)).ExpectSuccess()
            .GetProperty("session").GetString()!;

        Assert.Equal("forbidden", (await gateway.PostAsync(
            "api/auth/password", new { current_password = "correct horse", new_password = "battery staple" }, shared)).Code);
        Assert.Equal("invalid_request", (await gateway.PostAsync(
            "api/auth/password", new { current_password = "wrong", new_password = "battery staple" }, session)).Code);
        Assert.Equal(
            "invalid_request", (await gateway.PostAsync("api/auth/password", new { new_password = "battery staple" }, session)).Code);
        Assert.Equal("invalid_request", (await gateway.PostAsync(
            "api/auth/password", new { current_password = "correct horse", new_password = "short" }, session)).Code);
        Assert.Equal("invalid_key", (await gateway.PostAsync("api/auth/password", new { new_password = "battery staple" })).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await gateway.PostAsync(
            "api/auth/password", new { current_password = "correct horse", new_password = "battery staple" }, session)).Status);

        Assert.Equal(AuthenticationStatus.Accepted, (await gateway.AuthenticateAsync("X-Session", session)).Status);
        Assert.Equal(AuthenticationStatus.Invalid, (await gateway.AuthenticateAsync("X-Session", other)).Status);
        Assert.Equal(AuthenticationStatus.Invalid, (await gateway.AuthenticateAsync("X-Session", shared)).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await gateway.PostAsync("api/auth/sign-in", new { email, password = "correct horse" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("api/auth/sign-in", new { email, password = "battery staple" })).Status);
    }

    [Fact]
    public async Task Password_OfAnAccountThatAnOperatorMade_IsSetWithItsSession()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var account = await gateway.Client.CreateAccountAsync(email: email);
        var session = (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).ExpectSuccess()
            .GetProperty("session").GetString()!;

        Assert.Equal(
            HttpStatusCode.NoContent,
            (await gateway.PostAsync("api/auth/password", new { new_password = "battery staple" }, session)).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("api/auth/sign-in", new { email, password = "battery staple" })).Status);
    }
}
