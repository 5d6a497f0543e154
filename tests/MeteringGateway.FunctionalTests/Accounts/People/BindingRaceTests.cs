using System.Net;
using System.Net.Http.Json;
using MeteringGateway.Accounts.People;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.People;

/// <summary>
/// What a stranger asks for while the owner of the email is on the way: the stranger was let in before the binding ended everything, and
/// writes after it. The binding is held half-way by a row that it needs, the stranger's call then waits for the binding.
/// </summary>
[Collection(PeopleTestGroup.Name)]
public sealed class BindingRaceTests(PeopleGateway gateway)
{
    /// <summary>All that would let the stranger in again, or tell of the owner.</summary>
    private const string LeftBehind =
        """
        select (select count(*) from keys where (account_id = @id or made_by = @id) and status = 'active')
             + (select count(*) from sessions where account_id = @id or person_id = @id)
             + (select count(*) from passwords where account_id = @id)
             + (select count(*) from webhooks where account_id = @id)
             + (select count(*) from team_invitations where invited_by = @id and status = 'pending')
             + (select count(*) from oauth_subjects where account_id = @id and not by_email)
        """;

    [Theory]
    [InlineData("POST", "api/me/keys", """{"name":"k"}""")]
    [InlineData("POST", "api/me/keys/KEY/rotate", "{}")]
    [InlineData("PATCH", "api/me/keys/KEY", """{"name":"another"}""")]
    [InlineData("PATCH", "api/billing/keys/KEY", """{"spendingLimit":100000,"spendingType":"FIXED"}""")]
    [InlineData("POST", "api/auth/password", """{"new_password":"battery staple"}""")]
    [InlineData("POST", "api/auth/identity", """{"token":"TOKEN"}""")]
    [InlineData("PUT", "api/me/webhook", """{"url":"https://1.1.1.1/hook"}""")]
    [InlineData("POST", "api/me/teams/TEAM/session", "{}")]
    [InlineData("POST", "api/me/teams/TEAM/members", """{"email":"friend@example.com"}""")]
    [InlineData("PATCH", "api/me/teams/TEAM/members/SELF", """{"role":"owner"}""")]
    public async Task Write_OfASessionThatABindingEndsMeanwhile_IsRefused(string method, string path, string body)
    {
        var (id, email, session) = await gateway.SignUpAsync();
        var key = (await gateway.PostAsync("api/me/keys", new { name = "k" }, session)).Expect(HttpStatusCode.Created);
        path = path.Replace("KEY", $"{key.GetProperty("id")}", StringComparison.Ordinal)
            .Replace("TEAM", $"{await gateway.CreateTeamAsync(session)}", StringComparison.Ordinal)
            .Replace("SELF", $"{id}", StringComparison.Ordinal);
        await gateway.ExecuteAsync("delete from passwords where account_id = @id", new { id });
        var (owners, strangers) = Script(email);
        body = body.Replace("TOKEN", strangers, StringComparison.Ordinal);
        await using var held = await HeldTransaction.BeginAsync(
            gateway.Stores.PostgresConnection, "select from sessions where account_id = @id for update", new { id });

        var binding = gateway.AuthenticateAsync("Authorization", "Bearer " + owners);
        await held.AwaitWaitersAsync(1, binding);
        var written = gateway.Client.SendAsync(new HttpMethod(method), path, session, JsonContent.Create(Json(body)));
        await held.AwaitWaitersAsync(2, written);
        await held.CommitAsync();

        Assert.Equal(id, (await binding).Identity?.AccountId);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_key"), ((await written).Status, (await written).Code));
        Assert.Equal(0, await gateway.ScalarAsync<long>(LeftBehind, new { id }));
    }

    [Fact]
    public async Task Write_WithATokenWhoseIdentityABindingEndsMeanwhile_IsRefused()
    {
        var (id, email, session) = await gateway.SignUpAsync();
        var (owners, strangers) = Script(email);
        (await gateway.PostAsync("api/auth/identity", new { token = strangers }, session)).ExpectSuccess();
        await using var held = await HeldTransaction.BeginAsync(
            gateway.Stores.PostgresConnection, "select from sessions where account_id = @id for update", new { id });

        var binding = gateway.AuthenticateAsync("Authorization", "Bearer " + owners);
        await held.AwaitWaitersAsync(1, binding);
        var written = gateway.PostAsync("api/me/keys", new { name = "k" }, strangers);
        await held.AwaitWaitersAsync(2, written);
        await held.CommitAsync();

        Assert.Equal(id, (await binding).Identity?.AccountId);
        Assert.Equal("invalid_key", (await written).Code);
        Assert.Equal(0, await gateway.ScalarAsync<long>(LeftBehind, new { id }));

        // The owner's own token is let in, and writes.
        (await gateway.PostAsync("api/me/keys", new { name = "own" }, owners)).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task SignUpInTheConsole_WhoseSessionABindingEndsMeanwhile_OpensNone()
    {
        var (id, email, session) = await gateway.SignUpAsync();
        Assert.True(SessionSecret.TryParse(session, out var opened));
        var (owners, _) = Script(email);
        await using var held = await HeldTransaction.BeginAsync(
            gateway.Stores.PostgresConnection, "select from sessions where account_id = @id for update", new { id });

        var binding = gateway.AuthenticateAsync("Authorization", "Bearer " + owners);
        await held.AwaitWaitersAsync(1, binding);
        var exchange = gateway.Get<SessionStore>().ExchangeForConsoleAsync(id, opened, SessionSecret.Create().Hash, default);
        await held.AwaitWaitersAsync(2, exchange);
        await held.CommitAsync();

        Assert.Equal(id, (await binding).Identity?.AccountId);
        Assert.Null(await exchange);
        Assert.Equal(0, await gateway.ScalarAsync<long>(LeftBehind, new { id }));
    }

    [Fact]
    public async Task Binding_ThatComesWhileAKeyIsMade_FindsIt()
    {
        var (id, email, session) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(session);
        var shared = await gateway.OpenAsync(team, session);
        var (owners, _) = Script(email);
        await using var held = await HeldTransaction.BeginAsync(
            gateway.Stores.PostgresConnection, "select from team_members where team_id = @team for update", new { team });

        var written = gateway.PostAsync("api/me/keys", new { name = "k" }, shared);
        await held.AwaitWaitersAsync(1, written);
        var binding = gateway.AuthenticateAsync("Authorization", "Bearer " + owners);
        await held.AwaitWaitersAsync(2, binding);
        await held.CommitAsync();

        (await written).Expect(HttpStatusCode.Created);
        Assert.Equal(id, (await binding).Identity?.AccountId);
        Assert.Equal(0, await gateway.ScalarAsync<long>(LeftBehind, new { id }));
    }

    [Fact]
    public async Task Binding_EndsTheWebhook()
    {
        var (id, email, session) = await gateway.SignUpAsync();
        (await gateway.Client.SendAsync(
            HttpMethod.Put, "api/me/webhook", session, JsonContent.Create(new { url = "https://1.1.1.1/hook" }))).ExpectSuccess();

        Assert.Equal(id, (await gateway.AuthenticateAsync("Authorization", "Bearer " + Script(email).Owners)).Identity?.AccountId);

        Assert.Equal(0, await gateway.ScalarAsync<long>(LeftBehind, new { id }));
    }

    /// <summary>Two tokens: the provider vouches for the email to the owner's, and names a subject without any to all others.</summary>
    private (string Owners, string Strangers) Script(string email)
    {
        var (owners, owner, stranger) = ($"{Guid.NewGuid():N}", Guid.NewGuid(), Guid.NewGuid());
        gateway.IdentityProvider.Script = request => FakeReply.Json(
            request.Text.Contains(owners, StringComparison.Ordinal)
                ? $$"""{"active":true,"sub":"{{owner}}","email":"{{email}}","email_verified":true,"aud":"metering"}"""
                : $$"""{"active":true,"sub":"{{stranger}}","aud":"metering"}""");
        return (owners, $"{Guid.NewGuid():N}");
    }

    private static System.Text.Json.JsonElement Json(string text) =>
        System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(text);
}
