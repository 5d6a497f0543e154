using MeteringGateway.BrowserTests.Harness;

namespace MeteringGateway.BrowserTests.Looks;

/// <summary>Every page of customers, with a past and without one: strict, within reach of all, as wide as the window.</summary>
[Collection(ConsoleTestGroup.Name)]
public sealed class CustomerLookTests(ConsoleWorld world)
{
    internal static readonly string[] Pages =
    [
        "/console", "/console/usage", "/console/usage?range=24h&by=hour&group=key", "/console/ledger", "/console/ledger?type=purchase",
        "/console/keys", "/console/credits", "/console/subscription", "/console/notices", "/console/team", "/console/settings",
    ];

    [Fact]
    public async Task Doors_AnyWay_AreWithinReach()
    {
        await using var page = await WatchedPage.OpenAsync(world.Gateway);
        var faults = new List<string>();
        foreach (var door in new[] { "/console/sign-in", "/console/sign-up", "/console/operator/sign-in" })
        {
            await page.GoAsync(door);
            faults.AddRange(await Look.AtAsync(page, Name(door)));
        }

        var account = await world.Client.CreateAccountAsync();
        var link = (await world.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).ExpectSuccess()
            .GetProperty("console_url").GetString()!;
        await page.GoAsync(link);
        faults.AddRange(await Look.AtAsync(page, "welcome"));

        await page.GoAsync("/console/sign-in");
        await page.Page.GetByLabel("Email").FillAsync("nobody@example.com");
        await page.Page.GetByLabel("Password").FillAsync("wrong");
        await page.PressAsync("Sign in");
        await page.Page.Locator("[role=alert]").WaitForAsync();
        faults.AddRange(await Look.AtAsync(page, "sign-in-refused"));
        Expect(page, faults);
    }

    [Fact]
    public async Task Pages_OfANewCustomer_AreWithinReachAndSayWhatToDo()
    {
        await using var page = await WatchedPage.OpenAsync(world.Gateway);
        await page.SignInAsync(await world.NewPersonAsync());
        await LookAsync(page, "new", Pages);
    }

    [Fact]
    public async Task Pages_OfACustomerWithAPast_AreWithinReach()
    {
        var settled = await SettledAccount.OpenAsync(world);
        await using var page = await WatchedPage.OpenAsync(world.Gateway);
        await page.SignInAsync(settled.Person);
        await LookAsync(
            page, "settled",
            [.. Pages, $"/console/keys/{settled.Key}", $"/console/calls/{settled.Call}", $"/console/calls/{settled.Refused}"]);
    }

    [Fact]
    public async Task Page_ThatIsNotThere_IsWithinReach()
    {
        await using var page = await WatchedPage.OpenAsync(world.Gateway);
        await page.SignInAsync(await world.NewPersonAsync());
        await page.GoAsync("/console/keys/999999999", 404);
        Expect(page, await Look.AtAsync(page, "not-found"));
    }

    private static async Task LookAsync(WatchedPage page, string who, IEnumerable<string> paths)
    {
        var faults = new List<string>();
        foreach (var (number, path) in paths.Index())
        {
            await page.GoAsync(path);
            faults.AddRange(await Look.AtAsync(page, $"{who}-{number:00}-{Name(path)}"));
        }

        Expect(page, faults);
    }

    private static void Expect(WatchedPage page, IReadOnlyList<string> faults)
    {
        page.ExpectClean();
        Assert.True(faults.Count == 0, $"{faults.Count} faults\n{string.Join('\n', faults)}");
    }

    /// <summary>Without the numbers, which differ from run to run.</summary>
    private static string Name(string path) => string.Join(
        '-', path.Split('/', '?', '&', '=').Where(part => part.Length > 0 && part.All(c => char.IsAsciiLetterLower(c) || c is '-' or '_')));
}
