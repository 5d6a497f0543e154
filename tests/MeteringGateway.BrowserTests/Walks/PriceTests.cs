using System.Net;
using MeteringGateway.BrowserTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MeteringGateway.BrowserTests.Walks;

/// <summary>What a button says is what is paid: the catalog's price, in its currency, as it is when the button is pressed.</summary>
[Collection(ConsoleTestGroup.Name)]
public sealed class PriceTests(ConsoleWorld world)
{
    [Fact]
    public async Task Package_WhosePriceChangesMeanwhile_IsNotChargedAndShownAnew()
    {
        var (name, person) = ($"Package {Guid.NewGuid():N}", await world.NewPersonAsync());
        var id = (await world.Client.AdminAsync(HttpMethod.Post, "admin/catalog/packages", new
        {
            slug = $"p-{Guid.NewGuid():N}",
            name,
            credits = 100,
            price_cents = 1234,
            sort_order = 1000,
        })).Expect(HttpStatusCode.Created).GetProperty("id").GetInt64();
        await world.SaveMethodAsync(person);
        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(person);
        await visit.GoAsync("/console/credits");
        var card = visit.Page.Locator("section.card section.card, .cards > section", new PageLocatorOptions { HasText = name });
        var charge = card.Locator("form[action='/console/credits/charge'] button");
        await Expect(charge).ToContainTextAsync("Buy for 12.34 USD");

        foreach (var (change, price) in new (object, string)[]
        {
            (new { price_cents = 1300 }, "13.00 USD"), (new { currency = "EUR" }, "13.00 EUR"), (new { credits = 50 }, "13.00 EUR"),
        })
        {
            await ChangeAsync($"admin/catalog/packages/{id}", change);
            await charge.ClickAsync();
            await Expect(visit.Page.Locator("[role=alert]")).ToContainTextAsync("Here is what it costs now");
            await Expect(charge).ToContainTextAsync("Buy for " + price);
            Assert.Equal(0, await OrdersAsync(person));
        }

        await charge.ClickAsync();
        await visit.Page.WaitForURLAsync("**/console/credits?done=*");
        await visit.AwaitBalanceAsync("50");
        Assert.Equal(1, await OrdersAsync(person));
        Assert.Equal("1300 EUR", await world.ScalarAsync<string>(
            "select price_cents || ' ' || currency from orders where account_id = @account", new { account = person.Account }));
        await ChangeAsync($"admin/catalog/packages/{id}", new { active = false });
        visit.ExpectClean();
    }

    [Fact]
    public async Task Plan_IsShownInItsOwnCurrency()
    {
        var plans = new List<(string Id, string Name, string Price)>();
        foreach (var (currency, price) in new[] { ("EUR", "15.00 EUR"), ("JPY", "1500 JPY"), ("KWD", "1.500 KWD") })
        {
            var name = $"Plan {Guid.NewGuid():N}";
            var plan = (await world.Client.AdminAsync(HttpMethod.Post, "admin/billing/plans", new
            {
                name,
                price_monthly = 1500,
                currency,
                credits_included = 10,
            })).Expect(HttpStatusCode.Created).GetProperty("data").GetProperty("id").GetString()!;
            plans.Add((plan, name, price));
        }

        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(await world.NewPersonAsync());
        await visit.GoAsync("/console/subscription");

        foreach (var (id, name, price) in plans)
        {
            var button = visit.Page.Locator(".cards > section", new PageLocatorOptions { HasText = name }).Locator("button");
            await Expect(button).ToHaveTextAsync($"{price} a month");
            await ChangeAsync($"admin/billing/plans/{id}", new { active = false });
        }

        visit.ExpectClean();
    }

    private async Task ChangeAsync(string path, object change) =>
        (await world.Client.AdminAsync(HttpMethod.Put, path, change)).ExpectSuccess();

    private Task<long> OrdersAsync(Person person) =>
        world.ScalarAsync<long>("select count(*) from orders where account_id = @account", new { account = person.Account });
}
