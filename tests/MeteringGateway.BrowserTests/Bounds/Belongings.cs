using System.Globalization;
using System.Net;
using MeteringGateway.BrowserTests.Harness;

namespace MeteringGateway.BrowserTests.Bounds;

/// <summary>What belongs to one customer, and every address and form of the console that could name it.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Key">Of a key.</param>
/// <param name="KeyName">What nobody else may read.</param>
/// <param name="Call">A charged one.</param>
/// <param name="Refused">One that was not.</param>
/// <param name="Team">Which has a member beside its owner.</param>
/// <param name="Member">That one.</param>
/// <param name="Sent">An invitation of the team's.</param>
/// <param name="Received">An invitation of another team to the owner.</param>
/// <param name="Method">That the owner pays with.</param>
internal sealed record Belongings(
    Person Owner, string Key, string KeyName, string Call, string Refused, string Team, string Member, string Sent, string Received,
    string Method)
{
    public IEnumerable<string> Addresses() => [$"/console/keys/{Key}", $"/console/calls/{Call}", $"/console/calls/{Refused}"];

    /// <summary>Pages that are the visitor's own, narrowed to what is not.</summary>
    public IEnumerable<string> Filters() =>
        [$"/console/ledger?key_id={Key}", $"/console/usage?key_id={Key}", $"/console/usage?key_id={Key}&group=key"];

    public IEnumerable<string> Files() => [$"/console/ledger.csv?key_id={Key}", $"/console/usage.csv?key_id={Key}"];

    public IEnumerable<(string Path, (string Name, string Value)[] Fields)> Forms() =>
    [
        ($"/console/keys/{Key}", [("name", "mine now"), ("limit_FIXED", "1")]),
        ($"/console/keys/{Key}/rotate", [("overlap_seconds", "0")]),
        ($"/console/keys/{Key}/revoke", []),
        ("/console/team/open", [("account_id", Team)]),
        ("/console/team/open", [("account_id", Number(Owner.Account))]),
        ("/console/team/members/change", [("account_id", Member), ("role", "owner")]),
        ("/console/team/members/remove", [("account_id", Member)]),
        ("/console/team/withdraw", [("id", Sent)]),
        ("/console/team/accept", [("id", Received)]),
        ("/console/team/decline", [("id", Received)]),
        ("/console/credits/methods/default", [("id", Method)]),
        ("/console/credits/methods/remove", [("id", Method)]),
    ];

    public void ExpectIsNotIn(string path, string html) => Assert.All(
        [KeyName, Owner.Email, Call],
        secret => Assert.False(
            html.Contains(secret, StringComparison.Ordinal) && !path.Contains(secret, StringComparison.Ordinal), $"{path} shows {secret}"));

    public static async Task<Belongings> OfAsync(ConsoleWorld world)
    {
        var owner = await world.NewPersonAsync(credits: 100, name: $"Owner {Guid.NewGuid():N}");
        var name = $"key-{Guid.NewGuid():N}";
        var key = (await world.PostAsync(
            "api/me/keys", owner.Session, new { name, mode = "live", spending_limit = 2, spending_type = "FIXED" }))
            .Expect(HttpStatusCode.Created);
        var secret = key.GetProperty("key").GetString();
        var call = await world.Client.QueryAsync(secret, new { surface = "search" });
        call.ExpectSuccess();
        var refused = await world.Client.QueryAsync(secret, new { surface = "search" });
        Assert.Equal(402, (int)refused.Status);

        var team = await TeamAsync(world, owner);
        var member = await world.NewPersonAsync();
        await InviteAsync(world, owner, team, member);
        (await world.PostAsync($"api/me/invitations/{await InvitationAsync(world, member)}/accept", member.Session, new { }))
            .Expect(HttpStatusCode.OK);
        var invited = await world.NewPersonAsync();
        await InviteAsync(world, owner, team, invited);
        var host = await world.NewPersonAsync();
        await InviteAsync(world, host, await TeamAsync(world, host), owner);
        await world.Stores.Books.AwaitEntriesAsync(owner.Account, 2);
        return new Belongings(
            owner, Number(key.GetProperty("id").GetInt64()), name, call.Headers["X-Request-Id"], refused.Headers["X-Request-Id"],
            Number(team), Number(member.Account), await InvitationAsync(world, invited), await InvitationAsync(world, owner),
            await MethodAsync(world, owner));
    }

    private static async Task<string> MethodAsync(ConsoleWorld world, Person owner)
    {
        await world.SaveMethodAsync(owner);
        var methods = (await world.Client.SendAsync(HttpMethod.Get, "api/me/payment-methods", owner.Session, null)).ExpectSuccess();
        return Assert.Single(methods.GetProperty("payment_methods").EnumerateArray()).GetProperty("id").GetString()!;
    }

    private static async Task<long> TeamAsync(ConsoleWorld world, Person owner) =>
        (await world.PostAsync("api/me/teams", owner.Session, new { full_name = $"Team {Guid.NewGuid():N}" }))
            .Expect(HttpStatusCode.Created).GetProperty("id").GetInt64();

    private static async Task InviteAsync(ConsoleWorld world, Person owner, long team, Person guest) =>
        (await world.PostAsync($"api/me/teams/{team}/members", owner.Session, new { email = guest.Email, role = "member" }))
            .Expect(HttpStatusCode.Accepted);

    private static async Task<string> InvitationAsync(ConsoleWorld world, Person guest) => Number(Assert.Single(
        (await world.Client.SendAsync(HttpMethod.Get, "api/me/invitations", guest.Session, null)).ExpectSuccess()
            .GetProperty("invitations").EnumerateArray()).GetProperty("id").GetInt64());

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
