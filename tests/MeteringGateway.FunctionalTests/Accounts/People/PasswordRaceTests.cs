using System.Net;
using MeteringGateway.Accounts.People;
using MeteringGateway.Http.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MeteringGateway.FunctionalTests.Accounts.People;

/// <summary>What rests on a password that was shown, while that password becomes another one: hashing leaves time for it.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class PasswordRaceTests(PeopleGateway gateway)
{
    private const string Old = "correct horse";
    private const string New = "battery staple";

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
        Assert.True(await People.ChangePasswordAsync(id, shown, "of the first", kept, new Caller("account", id), default));
        Assert.False(await People.ChangePasswordAsync(id, shown, "of the second", kept, new Caller("account", id), default));
        Assert.Equal("of the first", await HashAsync(id));
    }

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

    private Task<MeteringGateway.Testing.GatewayAnswer> SignInAsync(string email, string password) =>
        gateway.PostAsync("api/auth/sign-in", new { email, password });
}
