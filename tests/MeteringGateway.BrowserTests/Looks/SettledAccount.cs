using System.Net;
using System.Net.Http.Json;
using MeteringGateway.BrowserTests.Harness;

namespace MeteringGateway.BrowserTests.Looks;

/// <summary>A customer with a past: something of everything that a page can show.</summary>
/// <param name="Person">Who signs in.</param>
/// <param name="Key">With a limit that is nearly used up.</param>
/// <param name="Call">A charged one.</param>
/// <param name="Refused">One that was not.</param>
internal sealed record SettledAccount(Person Person, long Key, string Call, string Refused)
{
    public static async Task<SettledAccount> OpenAsync(ConsoleWorld world)
    {
        var person = await world.NewPersonAsync(credits: 1_234_567, name: "Ada Lovelace, Countess of a rather long name");
        var key = (await world.PostAsync("api/me/keys", person.Session, new
        {
            name = "Production, behind the shop's own search",
            mode = "live",
            spending_limit = 12,
            spending_type = "FIXED",
        })).Expect(HttpStatusCode.Created);
        var secret = key.GetProperty("key").GetString()!;
        (await world.PostAsync("api/me/keys", person.Session, new { name = "Test", mode = "test" })).Expect(HttpStatusCode.Created);
        var charged = "";
        for (var call = 0; call < 5; call++)
        {
            var answer = await world.Client.QueryAsync(secret, new { surface = "search" });
            answer.ExpectSuccess();
            charged = answer.Headers["X-Request-Id"];
        }

        (await world.Client.QueryAsync(secret, new { surface = "search" })).ExpectSuccess();
        var refused = (await world.Client.QueryAsync(secret, new { surface = "chat" })).Headers["X-Request-Id"];
        using var webhook = JsonContent.Create(new { url = "http://127.0.0.1:9/hook" });
        (await world.Client.SendAsync(HttpMethod.Put, "api/me/webhook", person.Session, webhook)).ExpectSuccess();
        (await world.PostAsync("payment/create-session", person.Session, new
        {
            type = "package",
            package_id = world.Package,
            channel = "sandbox",
            success_url = world.Origin + "/console/credits",
            cancel_url = world.Origin + "/console/credits",
        })).ExpectSuccess();
        var team = (await world.PostAsync("api/me/teams", person.Session, new { full_name = "Analytical Engines" }))
            .Expect(HttpStatusCode.Created).GetProperty("id").GetInt64();
        var other = await world.NewPersonAsync(name: "Charles");
        (await world.PostAsync($"api/me/teams/{team}/members", person.Session, new { email = other.Email, role = "billing" }))
            .Expect(HttpStatusCode.Accepted);
        var theirs = (await world.PostAsync("api/me/teams", other.Session, new { full_name = "Difference Engines" }))
            .Expect(HttpStatusCode.Created).GetProperty("id").GetInt64();
        (await world.PostAsync($"api/me/teams/{theirs}/members", other.Session, new { email = person.Email }))
            .Expect(HttpStatusCode.Accepted);
        await world.Stores.Books.AwaitEntriesAsync(person.Account, 7);
        return new SettledAccount(person, key.GetProperty("id").GetInt64(), charged, refused);
    }
}
