using System.Globalization;
using MeteringGateway.BrowserTests.Harness;
using MeteringGateway.Testing;

namespace MeteringGateway.BrowserTests.Looks;

/// <summary>A chart is drawn from sums that follow the ledger: each says up to when.</summary>
[Collection(ConsoleTestGroup.Name)]
public sealed class ChartAgeTests(ConsoleWorld world)
{
    private const string Age = "figure.chart ~ p.fine:has-text('As of')";

    [Fact]
    public async Task Charts_OfBothSides_SayAsOfWhen()
    {
        var settled = await SettledAccount.OpenAsync(world);
        var charged = TimeProvider.System.GetUtcNow();
        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(settled.Person);
        await visit.SignInOperatorAsync(GatewayProcess.AdminToken);

        foreach (var path in new[]
        {
            "/console", "/console/usage", $"/console/operator/accounts/{settled.Person.Account}",
            $"/console/operator/usage?account_id={settled.Person.Account}",
        })
        {
            await visit.GoAsync(path);

            // The sums come to the last call a moment later, and the age with them.
            await Eventually.TrueAsync(
                async () =>
                {
                    var ages = await visit.Page.Locator($"{Age} time").AllAsync();
                    var charts = await visit.Page.Locator("figure.chart").CountAsync();
                    if (charts == 1 && ages.Count > 0 && await ages[0].GetAttributeAsync("datetime") is { } at
                        && DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) >= charged.AddSeconds(-1))
                    {
                        return true;
                    }

                    await visit.Page.ReloadAsync();
                    return false;
                },
                () => $"{path} does not say as of when its chart is",
                TimeSpan.FromSeconds(60));
        }

        visit.ExpectClean();
    }
}
