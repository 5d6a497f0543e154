using MeteringGateway.BrowserTests.Harness;
using MeteringGateway.Testing;

namespace MeteringGateway.BrowserTests.Walks;

/// <summary>A customer whom an operator has let in: the link sets a password, once.</summary>
[Collection(ConsoleTestGroup.Name)]
public sealed class WelcomeWalkTests(ConsoleWorld world)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Link_OfAnOperator_SetsAPasswordOnce(bool isScripted)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var account = await world.Client.CreateAccountAsync(credits: 5, email);
        await using var desk = await WatchedPage.OpenAsync(world.Gateway, isScripted);
        await desk.SignInOperatorAsync(GatewayProcess.AdminToken);
        await desk.GoAsync($"/console/operator/accounts/{account}");
        await desk.SendAsync($"/console/operator/accounts/{account}/console-link");
        var link = (await desk.Page.Locator("main pre").InnerTextAsync()).Trim();

        await using var visit = await WatchedPage.OpenAsync(world.Gateway, isScripted);
        await visit.GoAsync(link);
        await visit.GoAsync(link);
        await visit.Page.Locator("input[name=password]").FillAsync(ConsoleWorld.Password);
        await visit.PressAsync("Set the password");
        await visit.Page.WaitForURLAsync("**/console");
        await visit.GoAsync(link, 404);

        await using var again = await WatchedPage.OpenAsync(world.Gateway, isScripted);
        await again.SignInAsync(new Person(account, email, ConsoleWorld.Password, ""));
        await again.AwaitBalanceAsync("5");
        desk.ExpectClean();
        visit.ExpectClean();
        again.ExpectClean();
    }
}
