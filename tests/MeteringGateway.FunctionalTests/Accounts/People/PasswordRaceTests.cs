using System.Net;
using MeteringGateway.Accounts.People;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MeteringGateway.FunctionalTests.Accounts.People;

/// <summary>What rests on a password that was shown, while that password becomes another one: hashing leaves time for it.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class PasswordRaceTests(PeopleGateway gateway)
{
    private const string Old = "correct horse";
    private const string New = "battery staple";

    /// <summary>
    /// The sign-in has found its password and is held before its session is there. What ends all sessions has to wait for it: until then
    /// the session is not to be seen, and would be left.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task End_OfAllSessions_WaitsForASignInAndEndsItsSession(bool isBinding)
    {
        var (id, email, session) = await gateway.SignUpAsync();
        var shown = (await People.FindAsync(email, default))!.Value.Password!;
        await using var held = await HoldSessionsAsync(id);

        var signIn = People.SignInAsync(id, shown, default);
        await held.AwaitWaitersAsync(1, signIn);
        var end = EndAsync(isBinding, id, email, session, shown);
        await held.AwaitWaitersAsync(2, end);
        await held.CommitAsync();

        Assert.NotNull(await signIn);
        await end;
        Assert.Equal(isBinding ? 0 : 1, await SessionsAsync(id));
        Assert.Equal(
            AuthenticationStatus.Invalid, (await gateway.AuthenticateAsync("X-Session", (await signIn)!.Session)).Status);
    }

    /// <summary>The other way round: what ends all sessions has the password, and is held before it ends them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignIn_WhileAllSessionsEnd_WaitsAndOpensNothing(bool isBinding)
    {
        var (id, email, session) = await gateway.SignUpAsync();
        var shown = (await People.FindAsync(email, default))!.Value.Password!;
        await using var held = await HoldSessionsAsync(id);

        var end = EndAsync(isBinding, id, email, session, shown);
        await held.AwaitWaitersAsync(1, end);
        var signIn = People.SignInAsync(id, shown, default);
        await held.AwaitWaitersAsync(2, signIn);
        await held.CommitAsync();

        await end;
        Assert.Null(await signIn);
        Assert.Equal(isBinding ? 0 : 1, await SessionsAsync(id));
    }

    [Fact]
    public async Task SignIn_WhosePasswordIsChangedMeanwhile_OpensNothingAndBringsNoHashBack()
    {
        var (id, email, session) = await gateway.SignUpAsync();
        var shown = await ShowAsync(id, email);

        Assert.Equal(HttpStatusCode.NoContent, (await gateway.PostAsync(
            "api/auth/password", new { current_password = Old, new_password = New }, session)).Status);
        var hash = await HashAsync(id);

        Assert.Null(await People.SignInAsync(id, shown, default));
        Assert.Null(await People.SignInToConsoleAsync(id, shown, SessionSecret.Create().Hash, default));
        Assert.Equal(hash, await HashAsync(id));
        Assert.Equal(1, await SessionsAsync(id));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(email, Old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync(email, New)).Status);
    }

    [Fact]
    public async Task SignIn_WhosePasswordIsTakenAwayMeanwhile_OpensNothingAndBringsNoHashBack()
    {
        var (id, email, _) = await gateway.SignUpAsync();
        var shown = await ShowAsync(id, email);
        await gateway.ExecuteAsync("delete from passwords where account_id = @id", new { id });

        Assert.Null(await People.SignInAsync(id, shown, default));
        Assert.Equal(0, await gateway.ScalarAsync<long>("select count(*) from passwords where account_id = @id", new { id }));
    }

    [Fact]
    public async Task SignIn_TwoAtOnceThatHashAnew_BothOpen()
    {
        var (id, email, _) = await gateway.SignUpAsync();
        var (first, second) = (await ShowAsync(id, email), await ShowAsync(id, email, isWeakened: false));

        Assert.NotNull(await People.SignInAsync(id, first, default));
        Assert.NotNull(await People.SignInToConsoleAsync(id, second, SessionSecret.Create().Hash, default));

        Assert.Equal(first.NewHash, await HashAsync(id));
        Assert.Equal(3, await SessionsAsync(id));
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync(email, Old)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Change_OfTwoAtOnce_OnlyTheFirstHolds(bool hasPassword)
    {
        var (id, email, session) = await gateway.SignUpAsync();
        if (!hasPassword)
        {
            await gateway.ExecuteAsync("delete from passwords where account_id = @id", new { id });
        }

        var shown = (await People.FindAsync(email, default))!.Value.Password;
        Assert.True(SessionSecret.TryParse(session, out var kept));

        Assert.Equal(hasPassword, shown is not null);
        Assert.Equal(PasswordChangeStatus.Done, await ChangeAsync("of the first"));
        Assert.Equal(PasswordChangeStatus.AnotherPassword, await ChangeAsync("of the second"));
        Assert.Equal("of the first", await HashAsync(id));

        Task<PasswordChangeStatus> ChangeAsync(string hash) =>
            People.ChangePasswordAsync(id, shown, hash, kept, CallerOf(id, kept), default);
    }

    /// <summary>
    /// Takes a session that has run out: a sign-in tidies it up before it opens its own, and what ends all sessions ends it, too.
    /// </summary>
    private async Task<HeldTransaction> HoldSessionsAsync(long id)
    {
        var hash = SessionSecret.Create().Hash.ToBytes();
        await gateway.ExecuteAsync(
            "insert into sessions (hash, account_id, created_at, expires_at) values (@hash, @id, now() - interval '1 h', now())",
            new { hash, id });
        return await HeldTransaction.BeginAsync(
            gateway.Stores.PostgresConnection, "select from sessions where hash = @hash for update", new { hash });
    }

    private async Task EndAsync(bool isBinding, long id, string email, string session, KeptPassword shown)
    {
        if (!isBinding)
        {
            Assert.True(SessionSecret.TryParse(session, out var kept));
            Assert.Equal(
                PasswordChangeStatus.Done,
                await People.ChangePasswordAsync(id, shown, "another", kept, CallerOf(id, kept), default));
            return;
        }

        gateway.IdentityProvider.Script = _ => FakeReply.Json(
            $$"""{"active":true,"sub":"{{Guid.NewGuid()}}","email":"{{email}}","email_verified":true,"aud":"metering"}""");
        Assert.Equal(id, (await gateway.AuthenticateAsync("Authorization", $"Bearer {Guid.NewGuid():N}")).Identity?.AccountId);
    }

    private static Caller CallerOf(long id, SecretHash session) =>
        new("account", id) { PersonId = id, Proof = new CallerProof(session, null) };

    private PersonStore People => gateway.Get<PersonStore>();

    /// <summary>The right password, verified against a hash that is weaker than it should be.</summary>
    private async Task<KeptPassword> ShowAsync(long id, string email, bool isWeakened = true)
    {
        if (isWeakened)
        {
            var weak = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
            await gateway.ExecuteAsync(
                "update passwords set hash = @hash where account_id = @id", new { id, hash = weak.HashPassword(new object(), Old) });
        }

        var (account, shown, _) = await gateway.Get<PasswordSignIn>().CheckAsync(email, Old, default);
        Assert.Equal(id, account!.Id);
        Assert.NotNull(shown!.NewHash);
        return shown;
    }

    private Task<string> HashAsync(long id) =>
        gateway.ScalarAsync<string>("select hash from passwords where account_id = @id", new { id });

    private Task<long> SessionsAsync(long id) =>
        gateway.ScalarAsync<long>("select count(*) from sessions where account_id = @id", new { id });

    private Task<GatewayAnswer> SignInAsync(string email, string password) =>
        gateway.PostAsync("api/auth/sign-in", new { email, password });
}
