using MeteringGateway.BrowserTests.Harness;
using MeteringGateway.Testing;
using static Microsoft.Playwright.Assertions;

namespace MeteringGateway.BrowserTests.Bounds;

/// <summary>
/// The same form twice, as a reload of its answer sends it: it does nothing again, shows no secret again, and says what happened.
/// </summary>
[Collection(ConsoleTestGroup.Name)]
public sealed class SentTwiceTests(ConsoleWorld world)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rotate_ReplacesTheSecretOnce(bool isOperator)
    {
        var person = await world.NewPersonAsync(credits: 10);
        var made = (await world.PostAsync("api/me/keys", person.Session, new { name = "rotated" })).ExpectSuccess();
        var (id, first) = (made.GetProperty("id").GetInt64(), made.GetProperty("key").GetString()!);
        var address = $"{(isOperator ? "/console/operator/keys" : "/console/keys")}/{id}";
        await using var visit = await VisitAsync(person, isOperator);
        await visit.GoAsync(address);
        await visit.Page.Locator("select[name=overlap_seconds]").SelectOptionAsync("3600");

        await visit.SendAsync(address + "/rotate");
        var second = (await visit.Page.Locator("#secret").InnerTextAsync()).Trim();
        await visit.Page.ReloadAsync();

        await ExpectRefusalAsync(visit, "has been rotated since");
        Assert.DoesNotContain(second, await visit.Page.ContentAsync(), StringComparison.Ordinal);
        foreach (var secret in new[] { first, second })
        {
            (await world.Client.QueryAsync(secret, new { surface = "search" })).ExpectSuccess();
        }

        // The page has the key as it is now: from here it is rotated.
        await visit.SendAsync(address + "/rotate");
        Assert.NotEqual(second, (await visit.Page.Locator("#secret").InnerTextAsync()).Trim());
        visit.ExpectClean();
    }

    [Fact]
    public async Task NewSecretOfTheWebhook_IsMadeOnce()
    {
        var person = await world.NewPersonAsync();
        await using var visit = await VisitAsync(person, isOperator: false);
        await visit.GoAsync("/console/notices");
        await visit.Page.Locator("input[name=url]").FillAsync("http://127.0.0.1:9/hook");
        await visit.SendAsync("/console/notices/webhook");
        var first = (await visit.Page.Locator("main pre").InnerTextAsync()).Trim();
        await visit.GoAsync("/console/notices");
        await visit.Page.Locator("input[name=rotate_secret]").CheckAsync();

        await visit.SendAsync("/console/notices/webhook");
        var second = (await visit.Page.Locator("main pre").InnerTextAsync()).Trim();
        await visit.Page.ReloadAsync();

        Assert.NotEqual(first, second);
        await ExpectRefusalAsync(visit, "has been changed since");
        Assert.DoesNotContain("whsec_", await visit.Page.ContentAsync(), StringComparison.Ordinal);

        // An address that is saved twice is the same address.
        await visit.Page.Locator("input[name=url]").FillAsync("http://127.0.0.1:9/other");
        await visit.SendAsync("/console/notices/webhook");
        await Expect(visit.Page.Locator("[role=status]")).ToBeVisibleAsync();
        visit.ExpectClean();
    }

    private async Task<WatchedPage> VisitAsync(Person person, bool isOperator)
    {
        var visit = await WatchedPage.OpenAsync(world.Gateway, isScripted: false);
        await (isOperator ? visit.SignInOperatorAsync(GatewayProcess.AdminToken) : visit.SignInAsync(person));
        return visit;
    }

    private static Task ExpectRefusalAsync(WatchedPage visit, string text) =>
        Expect(visit.Page.Locator("[role=alert]")).ToContainTextAsync(text);
}
