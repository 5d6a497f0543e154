using System.Net;
using MeteringGateway.Accounts.People;
using MeteringGateway.Accounts.People.Welcome;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.People;

/// <summary>The link with which a customer sets a password: good once, for a day, and for nobody who only looks.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class WelcomeLinkTests(PeopleGateway gateway)
{
    private const string Hash = "hash of the new password";

    [Fact]
    public async Task Link_LookedAtAndUsed_SetsThePasswordOnceAndLeavesTheSession()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var (session, secret) = await HandOutAsync(account);

        var look = await Links.LookAsync(secret, default);
        Assert.Equal((WelcomeStatus.Good, account), (look.Status, look.Link!.AccountId));
        Assert.InRange(look.Link.ExpiresAt, DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow().AddHours(24));
        Assert.Equal(WelcomeStatus.Good, (await Links.LookAsync(secret, default)).Status);

        var used = await People.WelcomeAsync(secret, Hash, Session, default);

        Assert.Equal((WelcomeStatus.Good, account), (used.Status, used.AccountId));
        Assert.InRange(used.ExpiresAt!.Value, TimeProvider.System.GetUtcNow().AddHours(1), DateTimeOffset.MaxValue);
        Assert.Equal(Hash, await gateway.ScalarAsync<string>("select hash from passwords where account_id = @account", new { account }));
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("api/me/teams", session)).Status);
        Assert.Equal(WelcomeStatus.Ended, (await Links.LookAsync(secret, default)).Status);
        Assert.Equal(WelcomeStatus.Ended, (await People.WelcomeAsync(secret, "another", Session, default)).Status);
        var audit = (await gateway.Client.AdminAsync(HttpMethod.Get, "admin/audit?limit=200")).ExpectSuccess();
        Assert.Equal(
            ["welcome_link.created", "password.set"],
            audit.GetProperty("entries").EnumerateArray()
                .Where(entry => entry.GetProperty("target").GetString() == $"account:{account}")
                .Select(entry => entry.GetProperty("action").GetString()!)
                .Where(action => action is "welcome_link.created" or "password.set").Reverse());
    }

    [Fact]
    public async Task Link_UsedByManyAtOnce_IsOnesAlone()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var (_, secret) = await HandOutAsync(account);

        var used = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => People.WelcomeAsync(secret, $"hash {i}", Session, default)));

        Assert.Single(used, one => one.Status == WelcomeStatus.Good);
        Assert.Equal(9, used.Count(one => one is { Status: WelcomeStatus.Ended, AccountId: null }));
    }

    [Fact]
    public async Task Link_InThePlaceOfAPassword_EndsTheOtherSessions()
    {
        var (account, _, session) = await gateway.SignUpAsync();
        var (handedOut, secret) = await HandOutAsync(account);

        Assert.Equal(WelcomeStatus.Good, (await People.WelcomeAsync(secret, Hash, Session, default)).Status);

        foreach (var ended in new[] { session, handedOut })
        {
            Assert.Equal(AuthenticationStatus.Invalid, (await gateway.AuthenticateAsync("X-Session", ended)).Status);
        }
    }

    [Fact]
    public async Task Link_WhoseAccountGetsAPasswordMeanwhile_EndsTheOtherSessions()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var (handedOut, secret) = await HandOutAsync(account);
        await using var change = await HeldTransaction.BeginAsync(
            gateway.Stores.PostgresConnection, "select from accounts where id = @account for no key update", new { account });
        await change.ExecuteAsync("insert into passwords (account_id, hash) values (@account, 'first')", new { account });

        var welcome = People.WelcomeAsync(secret, Hash, Session, default);
        await change.AwaitWaitersAsync(1, welcome);
        await change.CommitAsync();

        Assert.Equal(WelcomeStatus.Good, (await welcome).Status);
        Assert.Equal(AuthenticationStatus.Invalid, (await gateway.AuthenticateAsync("X-Session", handedOut)).Status);
        Assert.Equal(1, await gateway.ScalarAsync<long>("select count(*) from sessions where account_id = @account", new { account }));
    }

    [Fact]
    public async Task Link_WithANewerOneOrADayOld_IsNoLongerGood()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var (_, older) = await HandOutAsync(account);
        var (_, newer) = await HandOutAsync(account);
        Assert.Equal(WelcomeStatus.Ended, (await People.WelcomeAsync(older, Hash, Session, default)).Status);
        Assert.Equal(WelcomeStatus.Good, (await Links.LookAsync(newer, default)).Status);

        await gateway.ExecuteAsync("update welcome_links set expires_at = now() where account_id = @account", new { account });

        Assert.Equal(WelcomeStatus.Ended, (await Links.LookAsync(newer, default)).Status);
        Assert.Equal(WelcomeStatus.Ended, (await People.WelcomeAsync(newer, Hash, Session, default)).Status);
    }

    [Fact]
    public async Task Link_OfASuspendedAccount_WaitsUntilItIsActive()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var (_, secret) = await HandOutAsync(account);
        await SetAsync("suspended");
        Assert.Equal(WelcomeStatus.Suspended, (await Links.LookAsync(secret, default)).Status);
        Assert.Equal(WelcomeStatus.Suspended, (await People.WelcomeAsync(secret, Hash, Session, default)).Status);

        await SetAsync("active");

        Assert.Equal(WelcomeStatus.Good, (await People.WelcomeAsync(secret, Hash, Session, default)).Status);

        async Task SetAsync(string status) =>
            (await gateway.Client.AdminAsync(HttpMethod.Patch, $"admin/accounts/{account}", new { status })).ExpectSuccess();
    }

    [Fact]
    public async Task Link_OfAnAccountThatAProviderVouchesForFirst_Ends()
    {
        var (account, email, _) = await gateway.SignUpAsync();
        var (_, secret) = await HandOutAsync(account);
        gateway.IdentityProvider.Script = _ => FakeReply.Json(
            $$"""{"active":true,"sub":"{{Guid.NewGuid()}}","email":"{{email}}","email_verified":true,"aud":"metering"}""");

        Assert.Equal(account, (await gateway.AuthenticateAsync("Authorization", $"Bearer {Guid.NewGuid():N}")).Identity?.AccountId);

        Assert.Equal(WelcomeStatus.Ended, (await Links.LookAsync(secret, default)).Status);
    }

    [Fact]
    public async Task Secret_OfALink_IsNowhereInTheDatabase()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var (_, secret) = await HandOutAsync(account);

        Assert.Equal(0, await gateway.ScalarAsync<int>(
            "select count(*)::int from welcome_links l where l::text like '%' || @secret || '%' or encode(l.hash, 'escape') like '%mgl_%'",
            new { secret }));
        Assert.Equal(0, await gateway.ScalarAsync<int>(
            "select count(*)::int from audit a where a::text like '%mgl_%'"));
        Assert.Equal(WelcomeStatus.Ended, (await Links.LookAsync(secret[..^1] + "x", default)).Status);
        Assert.Equal(WelcomeStatus.Ended, (await Links.LookAsync("", default)).Status);
    }

    private static SecretHash Session => SessionSecret.Create().Hash;

    private WelcomeLinks Links => gateway.Get<WelcomeLinks>();

    private PersonStore People => gateway.Get<PersonStore>();

    private async Task<(string Session, string Secret)> HandOutAsync(long account)
    {
        var answer = (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions"))
            .Expect(HttpStatusCode.Created);
        var address = new Uri(answer.GetProperty("console_url").GetString()!);
        Assert.StartsWith("/console/welcome/mgl_", address.AbsolutePath, StringComparison.Ordinal);
        return (answer.GetProperty("session").GetString()!, address.Segments[^1]);
    }
}
