using MeteringGateway.BrowserTests.Harness;
using MeteringGateway.Testing;

namespace MeteringGateway.BrowserTests.Looks;

/// <summary>Every page of operators: strict, within reach of all, as wide as the window.</summary>
[Collection(ConsoleTestGroup.Name)]
public sealed class OperatorLookTests(ConsoleWorld world)
{
    internal static IEnumerable<(string Name, string Path)> Pages(string account, string key, string call) =>
        from page in new[]
        {
            ("status", ""), ("accounts", "/accounts"), ("account", $"/accounts/{account}"),
            ("account-ledger", $"/accounts/{account}/ledger"), ("account-keys", $"/accounts/{account}/keys"),
            ("account-call", $"/accounts/{account}/calls/{call}"), ("key", $"/keys/{key}"),
            ("usage", "/usage"), ("surfaces", "/surfaces"), ("catalog", "/catalog"), ("payments", "/payments"), ("audit", "/audit"),
        }
        select (page.Item1, "/console/operator" + page.Item2);

    [Fact]
    public async Task Pages_OfOperators_AreWithinReach()
    {
        var settled = await SettledAccount.OpenAsync(world);
        await using var page = await WatchedPage.OpenAsync(world.Gateway);
        await page.SignInOperatorAsync(GatewayProcess.AdminToken);
        var faults = new List<string>();
        foreach (var (name, path) in Pages($"{settled.Person.Account}", $"{settled.Key}", settled.Call))
        {
            await page.GoAsync(path);
            faults.AddRange(await Look.AtAsync(page, "operator-" + name));
        }

        page.ExpectClean();
        Assert.True(faults.Count == 0, $"{faults.Count} faults\n{string.Join('\n', faults)}");
    }

    /// <summary>By email, by number, by the key that somebody pasted, and by the request that somebody asks about.</summary>
    [Fact]
    public async Task Search_ByWhatAPersonHasAtHand_LeadsToTheAccount()
    {
        var settled = await SettledAccount.OpenAsync(world);
        var account = $"/console/operator/accounts/{settled.Person.Account}";
        var prefix = await world.ScalarAsync<string>("select prefix from keys where id = @id", new { id = settled.Key });
        await using var page = await WatchedPage.OpenAsync(world.Gateway);
        await page.SignInOperatorAsync(GatewayProcess.AdminToken);
        foreach (var text in new[] { settled.Person.Email, $"{settled.Person.Account}", prefix, settled.Call })
        {
            await page.GoAsync("/console/operator/accounts");
            await page.Page.Locator("input[name=search]").FillAsync(text);
            await page.Page.Locator("input[name=search]").PressAsync("Enter");

            // One that is found alone is shown at once; a number may stand in somebody's email, too.
            await page.Page.WaitForURLAsync(
                url => url.Contains("search=", StringComparison.Ordinal) || url.EndsWith(account, StringComparison.Ordinal));
            if (!page.Page.Url.EndsWith(account, StringComparison.Ordinal))
            {
                await page.Page.Locator($"a[href='{account}']").First.WaitForAsync();
            }
        }

        page.ExpectClean();
    }

    [Fact]
    public async Task Books_VerifiedAndReconciledByAButton_AreRight()
    {
        await using var page = await WatchedPage.OpenAsync(world.Gateway);
        await page.SignInOperatorAsync(GatewayProcess.AdminToken);
        foreach (var act in new[] { "verify", "reconcile" })
        {
            await page.GoAsync("/console/operator");
            await page.SendAsync($"/console/operator/{act}#books");
            await page.Page.Locator("#books .badge.good, #books .notice.good").First.WaitForAsync();
        }

        page.ExpectClean();
    }
}
