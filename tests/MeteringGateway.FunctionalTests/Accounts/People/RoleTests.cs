using System.Net;
using System.Net.Http.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.People;

/// <summary>What spends or binds a team's money is refused to its plain members, whatever they hold, and changes nothing.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class RoleTests(PeopleGateway gateway)
{
    private static readonly object Package = new { package_slug = "no-such" };
    private static readonly object Session =
        new
        {
            channel = "stripe",
            type = "package",
            package_slug = "x",
            success_url = "https://a.example/",
            cancel_url = "https://a.example/",
        };

    /// <summary>
    /// Every call of the account APIs and dialects that buys, binds or changes money: method, path, body, and whether a key may make
    /// it at all.
    /// </summary>
    private static readonly (string Method, string Path, object? Body, bool TakesKeys)[] MoneyCalls =
    [
        ("POST", "api/me/purchases", Package, true),
        ("POST", "api/credits/top-up", new { amountInUsdCents = 1000 }, true),
        ("POST", "payment/create-session", Session, true),
        ("POST", "subscription/portal", new { return_url = "https://a.example/" }, true),
        ("POST", "subscription/cancel", null, true),
        ("PATCH", "api/me/payment-methods/pm_1", new { is_default = true }, true),
        ("DELETE", "api/me/payment-methods/pm_1", null, true),
        ("PUT", "v1/auto-recharge", new { auto_recharge_enabled = true, auto_recharge_amount_usd = 5000 }, false),
        ("PUT", "api/me/webhook", new { url = "https://example.com/hook" }, false),
        ("DELETE", "api/me/webhook", null, false),
        ("PATCH", "api/me/notices", new { low_balance_mark = 5 }, false),
        ("PATCH", "api/me/keys/OWNERS", new { spending_limit = 1_000_000 }, false),
        ("PATCH", "api/me/keys/OWNERS", new { name = "mine now" }, false),
        ("POST", "api/me/keys/OWNERS/rotate", null, false),
        ("DELETE", "api/me/keys/OWNERS", null, false),
        ("PATCH", "api/billing/keys/OWNERS", new { spendingLimit = 100_000, spendingType = "FIXED" }, false),
        ("POST", "api/me/keys", new { name = "k", spending_limit = 1_000_000 }, false),
        ("POST", "api/me/keys", new { name = "k" }, false),
    ];

    [Fact]
    public async Task Member_OnEveryMoneyCall_IsRefusedAndChangesNothing()
    {
        var world = await WorldAsync("member");
        var before = await SnapshotAsync(world.Team);
        foreach (var call in MoneyCalls)
        {
            foreach (var credential in call.TakesKeys ? [world.MemberSession, world.MemberKey] : new[] { world.MemberSession })
            {
                Assert.Equal((call, HttpStatusCode.Forbidden, "role_required"), Answer(call, await SendAsync(call, world, credential)));
            }

            var ofKey = call.TakesKeys ? null : (await SendAsync(call, world, world.OwnersKey)).Code;
            Assert.Equal((call, call.TakesKeys ? null : "forbidden"), (call, ofKey));
            Assert.Contains((await SendAsync(call, world, null)).Status, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
        }

        Assert.Equal(before, await SnapshotAsync(world.Team));
    }

    [Theory]
    [InlineData("billing")]
    [InlineData("owner")]
    public async Task BillingAndOwner_OnEveryMoneyCall_ComeThroughTheDoor(string role)
    {
        foreach (var call in MoneyCalls)
        {
            var world = await WorldAsync(role);
            var code = (await SendAsync(call, world, world.MemberSession)).Code;
            Assert.True(code is null or "not_found" or "invalid_request" or "payments_disabled", $"{call}: {code}");
        }
    }

    [Fact]
    public async Task Member_Demoted_IsRefusedFromTheNextCallWithSessionAndKey()
    {
        var world = await WorldAsync("owner");
        var call = MoneyCalls[1];
        (await SendAsync(call, world, world.MemberSession)).ExpectSuccess();
        (await SendAsync(call, world, world.MemberKey)).ExpectSuccess();
        var before = await SnapshotAsync(world.Team);

        (await gateway.PatchAsync($"api/me/teams/{world.Team}/members/{world.MemberId}", new { role = "member" }, world.Owner))
            .ExpectSuccess();

        Assert.Equal("role_required", (await SendAsync(call, world, world.MemberSession)).Code);
        Assert.Equal("role_required", (await SendAsync(call, world, world.MemberKey)).Code);
        Assert.Equal("role_required", (await gateway.PatchAsync(
            $"api/me/teams/{world.Team}/members/{world.MemberId}", new { role = "owner" }, world.MemberSession)).Code);
        Assert.Equal(before.Orders, (await SnapshotAsync(world.Team)).Orders);
    }

    [Fact]
    public async Task Person_OnItsOwnAccount_NeedsNoRole()
    {
        var (_, _, session) = await gateway.SignUpAsync();
        var key = (await gateway.PostAsync("api/me/keys", new { name = "own" }, session)).Expect(HttpStatusCode.Created)
            .GetProperty("key").GetString()!;
        (await gateway.PostAsync("api/credits/top-up", new { amountInUsdCents = 500 }, key)).ExpectSuccess();
        (await gateway.PostAsync("api/credits/top-up", new { amountInUsdCents = 500 }, session)).ExpectSuccess();
    }

    [Fact]
    public async Task OperatorsKey_OfATeam_BuysForIt()
    {
        var (_, _, owner) = await gateway.SignUpAsync();
        var key = await gateway.Client.CreateKeyAsync(await gateway.CreateTeamAsync(owner));
        (await gateway.PostAsync("api/credits/top-up", new { amountInUsdCents = 500 }, key)).ExpectSuccess();
    }

    private static ((string, string, object?, bool), HttpStatusCode, string?) Answer(
        (string, string, object?, bool) call, GatewayAnswer answer) =>
        (call, answer.Status, answer.Code);

    private async Task<World> WorldAsync(string role)
    {
        var (_, _, owner) = await gateway.SignUpAsync();
        var team = await gateway.CreateTeamAsync(owner);
        await gateway.Client.CreditAsync(team, 100);
        var ownersSession = await gateway.OpenAsync(team, owner);
        var ownersKey = (await gateway.PostAsync("api/me/keys", new { name = "owners", spending_limit = 10 }, ownersSession))
            .Expect(HttpStatusCode.Created);
        var (memberId, _, session) = await gateway.JoinAsync(owner, team, role);
        var key = (await gateway.PostAsync("api/me/keys", new { name = "mine", spending_limit = 5 }, session))
            .Expect(HttpStatusCode.Created);
        return new World(
            team, owner, memberId, session, key.GetProperty("key").GetString()!, ownersKey.GetProperty("key").GetString()!,
            ownersKey.GetProperty("id").GetInt64());
    }

    private Task<GatewayAnswer> SendAsync(
        (string Method, string Path, object? Body, bool TakesKeys) call, World world, string? credential) =>
        gateway.Client.SendAsync(
            new HttpMethod(call.Method),
            call.Path.Replace("OWNERS", $"{world.OwnersKeyId}", StringComparison.Ordinal),
            credential,
            call.Body is null ? null : JsonContent.Create(call.Body));

    private async Task<(long Orders, long Entries, string Keys, long Settings)> SnapshotAsync(long team)
    {
        await gateway.Books.AwaitEntriesAsync(team, 1);
        return (
            await gateway.ScalarAsync<long>("select count(*) from orders where account_id = @team", new { team }),
            await gateway.ScalarAsync<long>("select count(*) from ledger_entries where account_id = @team", new { team }),
            await gateway.ScalarAsync<string>(
                "select string_agg(concat_ws(':', id, name, status, limit_fixed, limit_daily, version), ',' order by id) from keys where "
                    + "account_id = @team",
                new { team }),
            await gateway.ScalarAsync<long>(
                "select (select count(*) from auto_recharge where account_id = @team) + (select count(*) from webhooks where account_id = "
                    + "@team) + (select version from accounts where id = @team)",
                new { team }));
    }

    private sealed record World(
        long Team, string Owner, long MemberId, string MemberSession, string MemberKey, string OwnersKey, long OwnersKeyId);
}
