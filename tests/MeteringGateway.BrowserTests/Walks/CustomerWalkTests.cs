using System.Net;
using MeteringGateway.BrowserTests.Harness;
using static Microsoft.Playwright.Assertions;

namespace MeteringGateway.BrowserTests.Walks;

/// <summary>
/// What a new customer does on the first day, by links and forms alone: once with the pages' script and once without JavaScript.
/// </summary>
[Collection(ConsoleTestGroup.Name)]
public sealed class CustomerWalkTests(ConsoleWorld world)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FirstDay_FromSignInToALimitThatIsReached(bool isScripted)
    {
        var person = await world.NewPersonAsync();
        await using var visit = await WatchedPage.OpenAsync(world.Gateway, isScripted);
        var page = visit.Page;

        // Step 1: a visitor who asks for a page signs in first, and then sees it.
        await page.GotoAsync("/console/credits");
        await page.GetByLabel("Email").FillAsync(person.Email);
        await page.GetByLabel("Password").FillAsync(person.Password);
        await visit.PressAsync("Sign in");
        await page.WaitForURLAsync("**/console/credits");

        // Step 2: a package, on the page of the sandbox.
        await visit.SendAsync("/console/credits/buy");
        await Expect(page.Locator("body")).ToContainTextAsync("25.00 USD");
        await page.Locator("button[value=pay]").ClickAsync();
        await page.WaitForURLAsync("**/console/credits?done=paid-page");
        await visit.AwaitBalanceAsync("250");

        // Step 3: a key, which is shown this once, and a call with it.
        await visit.GoAsync("/console/keys");
        await page.Locator("#new input[name=name]").FillAsync("My first key");
        await visit.PressAsync("Make the key");
        var secret = (await page.Locator("#secret").InnerTextAsync()).Trim();
        var call = await world.Client.QueryAsync(secret, new { surface = "search" });
        call.ExpectSuccess();

        // Step 4: its charge in the ledger, and the receipt behind it.
        await visit.GoAsync("/console/ledger");
        await visit.AwaitTextAsync("tbody tr", "248");
        await page.Locator("tbody a").First.ClickAsync();
        await Expect(page.Locator("#request-id")).ToHaveTextAsync(call.Headers["X-Request-Id"]);
        var receipt = await page.Locator("main").InnerTextAsync();
        Assert.All(
            ["My first key", "alpha", "Success", "200", "2 credits", "248 credits"],
            fact => Assert.Contains(fact, receipt, StringComparison.Ordinal));

        // Step 5: a limit that leaves room for one call more.
        await page.GetByText("My first key").ClickAsync();
        await page.WaitForURLAsync("**/console/keys/*");
        var key = new Uri(page.Url).AbsolutePath;
        await page.Locator("input[name=limit_FIXED]").FillAsync("4");
        await visit.PressAsync("Save");
        await Expect(page.Locator("[role=status]")).ToContainTextAsync("limits are changed");
        (await world.Client.QueryAsync(secret, new { surface = "search" })).ExpectSuccess();
        var refused = await world.Client.QueryAsync(secret, new { surface = "search" });
        Assert.Equal((HttpStatusCode)402, refused.Status);

        // Step 6: why the last call was refused, at the key, at the call and in the usage.
        await visit.GoAsync(key);
        await visit.AwaitTextAsync("main", "4 of 4");
        await page.GotoAsync($"/console/calls/{refused.Headers["X-Request-Id"]}");
        await visit.AwaitTextAsync("main", refused.Code!);
        await visit.GoAsync("/console/usage");
        await visit.AwaitTextAsync("main", refused.Code!);

        // Step 7: out, and the way back is closed.
        await visit.PressAsync("Sign out");
        await page.WaitForURLAsync("**/console/sign-in?done=signed-out");
        await visit.GoAsync(key);
        Assert.Contains("/console/sign-in", page.Url, StringComparison.Ordinal);
        visit.ExpectClean();
        Assert.Equal(250 - 4, await world.Stores.Books.BalanceAsync(person.Account));
    }
}
