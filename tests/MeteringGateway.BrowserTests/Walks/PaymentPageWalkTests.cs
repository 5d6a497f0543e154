using MeteringGateway.Testing.Stripe;
using static Microsoft.Playwright.Assertions;

namespace MeteringGateway.BrowserTests.Walks;

/// <summary>
/// Paying on a page of another origin: a browser follows a form's redirect only to an origin that the page's policy names.
/// </summary>
public sealed class PaymentPageWalkTests(StripeWorld world) : IClassFixture<StripeWorld>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Package_PaidOnTheProvidersPage_IsCredited(bool isScripted)
    {
        await using var visit = await world.VisitAsync(isScripted);
        var page = visit.Page;

        await visit.SendAsync("/console/credits/buy");
        await page.WaitForURLAsync($"{world.Stripe.Address}/c/pay/**");
        await Expect(page.Locator("#amount")).ToHaveTextAsync("2500 usd");
        await visit.PressAsync("Decline");
        await Expect(page.Locator("#error")).Not.ToBeEmptyAsync();
        await visit.PressAsync("Pay");

        await page.WaitForURLAsync("**/console/credits?done=paid-page");
        await visit.AwaitBalanceAsync("2,500");
        visit.ExpectClean();
    }

    /// <summary>Nobody knows what became of the first try, so the second must be the same purchase.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Package_WhosePageCouldNotBeMade_IsOneOrderWhenItIsTriedAgain(bool isScripted)
    {
        await using var visit = await world.VisitAsync(isScripted);
        var page = visit.Page;
        var once = page.Locator("form[action='/console/credits/buy'] input[name=once]").First;
        var (sent, paid) = (await once.InputValueAsync(), world.Stripe.Ledger().Count);

        world.Stripe.Order(StripeFault.Busy, "/v1/checkout/sessions");
        await visit.SendAsync("/console/credits/buy");
        await Expect(page.Locator("[role=alert]")).ToBeVisibleAsync();
        Assert.Equal(sent, await once.InputValueAsync());
        await visit.SendAsync("/console/credits/buy");
        await page.WaitForURLAsync($"{world.Stripe.Address}/c/pay/**");
        await visit.PressAsync("Pay");

        await page.WaitForURLAsync("**/console/credits?done=paid-page");
        await visit.AwaitBalanceAsync("2,500");
        Assert.Equal(paid + 1, world.Stripe.Ledger().Count);
        await Expect(page.Locator("section", new() { HasText = "Orders" }).Last.Locator("tbody tr")).ToHaveCountAsync(1);
        Assert.NotEqual(sent, await once.InputValueAsync());
        visit.ExpectClean();
    }

    [Fact]
    public async Task Package_LeftOnTheProvidersPage_CostsNothing()
    {
        await using var visit = await world.VisitAsync(isScripted: true);

        await visit.SendAsync("/console/credits/buy");
        await visit.Page.WaitForURLAsync($"{world.Stripe.Address}/c/pay/**");
        await visit.PressAsync("Back");

        await visit.Page.WaitForURLAsync("**/console/credits?done=left-page");
        await Expect(visit.Page.Locator("[role=status]")).ToContainTextAsync("Nothing was paid");
        visit.ExpectClean();
    }

    [Fact]
    public async Task Method_SavedOnTheProvidersPage_BuysWithoutOne()
    {
        await using var visit = await world.VisitAsync(isScripted: true);
        var page = visit.Page;

        await visit.SendAsync("/console/credits/methods");
        await page.WaitForURLAsync($"{world.Stripe.Address}/c/pay/**");
        await visit.PressAsync("Pay");
        await page.WaitForURLAsync("**/console/credits?done=paid-page");
        await visit.AwaitTextAsync("main", "4242");
        await visit.SendAsync("/console/credits/charge");

        await page.WaitForURLAsync(address => address.Contains("done=bought", StringComparison.Ordinal)
            || address.Contains("done=pending", StringComparison.Ordinal));
        await visit.AwaitBalanceAsync("2,500");
        visit.ExpectClean();
    }
}
