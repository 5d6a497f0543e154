using MeteringGateway.BrowserTests.Harness;
using static Microsoft.Playwright.Assertions;

namespace MeteringGateway.BrowserTests.Bounds;

/// <summary>Whose forms are taken, and how often one may try to sign in.</summary>
[Collection(ConsoleTestGroup.Name)]
public sealed class FormTests(ConsoleWorld world)
{
    private const string CountKeys = "select count(*) from keys where account_id = @account";

    [Fact]
    public async Task Form_OfOneGateway_IsTakenByTheOther()
    {
        await using var other = await world.StartAsync();
        var person = await world.NewPersonAsync();
        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(person);
        await visit.GoAsync("/console/keys");

        // The cookies of a browser know no port, so they reach the second gateway as a balancer would bring them there.
        var answer = await visit.PostAsync(
            new Uri(other.Address, "console/keys").ToString(), await visit.TokenAsync(), ("name", "by the other"), ("mode", "live"));

        var made = await answer.TextAsync();
        Assert.True(answer.Status == 200 && made.Contains("mg_live_", StringComparison.Ordinal), $"{answer.Status} {made}\n{other.Log}");
        await visit.GoAsync("/console/keys");
        await Expect(visit.Page.Locator("tbody")).ToContainTextAsync("by the other");
        visit.ExpectClean();
    }

    [Fact]
    public async Task Form_OfSomebodyElseOrOfNobody_ChangesNothing()
    {
        var (ada, mallory) = (await world.NewPersonAsync(), await world.NewPersonAsync());
        await using var victim = await WatchedPage.OpenAsync(world.Gateway);
        await using var attacker = await WatchedPage.OpenAsync(world.Gateway);
        await victim.SignInAsync(ada);
        await attacker.SignInAsync(mallory);
        await attacker.GoAsync("/console/keys");

        foreach (var token in new[] { await attacker.TokenAsync(), "", "nonsense" })
        {
            var answer = await victim.PostAsync("/console/keys", token, ("name", "forged"), ("mode", "live"));
            Assert.Equal(400, answer.Status);
        }

        Assert.Equal(0, await world.ScalarAsync<long>(CountKeys, new { account = ada.Account }));
        Assert.Equal(0, await world.ScalarAsync<long>(CountKeys, new { account = mallory.Account }));
    }

    /// <summary>Two tabs: what was shown of the own wallet must not act on the team's that is open by now.</summary>
    [Fact]
    public async Task Form_OfAnotherWallet_ChangesNothing()
    {
        var person = await world.NewPersonAsync();
        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(person);
        await visit.GoAsync("/console/team");
        var (own, name) = (await visit.TokenAsync(), $"team of {person.Account}");
        Assert.Equal(303, (await visit.PostAsync("/console/team", own, ("full_name", name))).Status);
        var team = await world.ScalarAsync<long>("select id from accounts where full_name = @name", new { name });
        Assert.Equal(303, (await visit.PostAsync("/console/team/open", own, ("account_id", $"{team}"))).Status);

        var answer = await visit.PostAsync("/console/keys", own, ("name", "of the other tab"), ("mode", "live"));

        Assert.Equal(400, answer.Status);
        Assert.Equal(0, await world.ScalarAsync<long>(CountKeys, new { account = team }));
        Assert.Equal(0, await world.ScalarAsync<long>(CountKeys, new { account = person.Account }));
    }

    [Fact]
    public async Task SignIn_WrongManyTimes_IsRefusedWhateverThePassword()
    {
        var person = await world.NewPersonAsync();
        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.GoAsync("/console/sign-in");
        var token = await visit.TokenAsync();
        var statuses = new List<int>();
        for (var attempt = 0; attempt < 12; attempt++)
        {
            statuses.Add((await visit.PostAsync("/console/sign-in", token, ("email", person.Email), ("password", "wrong"))).Status);
        }

        await visit.Page.GetByLabel("Email").FillAsync(person.Email);
        await visit.Page.GetByLabel("Password").FillAsync(person.Password);
        await visit.PressAsync("Sign in");

        Assert.Equal([401, 429], statuses.Distinct());
        await Expect(visit.Page.Locator("[role=alert]")).ToBeVisibleAsync();
        Assert.DoesNotContain(await visit.Context.CookiesAsync(), cookie => cookie.Name == "mg_console");
    }
}
