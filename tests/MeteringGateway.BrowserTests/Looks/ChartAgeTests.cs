using System.Globalization;
using System.Net;
using Dapper;
using MeteringGateway.BrowserTests.Harness;
using MeteringGateway.Testing;
using Npgsql;

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

    /// <summary>Sums that are held up are shown as they are, with the time of what is missing and not that of the look.</summary>
    [Fact]
    public async Task Charts_WhoseSumsAreHeldUp_AreAsOldAsWhatIsMissing()
    {
        var person = await world.NewPersonAsync(credits: 100);
        var key = (await world.PostAsync("api/me/keys", person.Session, new { name = "k", mode = "live" }))
            .Expect(HttpStatusCode.Created).GetProperty("key").GetString()!;
        (await world.Client.QueryAsync(key, new { surface = "search" })).ExpectSuccess();
        (await world.Client.SendAsync(HttpMethod.Get, "api/me/usage", person.Session, null)).ExpectSuccess();

        await using var holder = new NpgsqlConnection(world.Stores.PostgresConnection);
        await holder.OpenAsync();
        await using var holding = await holder.BeginTransactionAsync();
        await holder.ExecuteAsync(
            "select seq from usage_progress where account_id = @account for update", new { account = person.Account });
        (await world.Client.QueryAsync(key, new { surface = "search" })).ExpectSuccess();
        var missing = (await world.Stores.Books.AwaitEntriesAsync(person.Account, 3))[^1].Seq;
        var since = await world.ScalarAsync<DateTime>(
            "select occurred_at from ledger_entries where account_id = @account and seq = @missing",
            new { account = person.Account, missing });

        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(person);
        foreach (var path in new[] { "/console", "/console/usage" })
        {
            // A second that has gone tells the look from the call.
            await Eventually.TrueAsync(
                () => Task.FromResult(TimeProvider.System.GetUtcNow() > since.AddSeconds(2)), () => "the clock stands still");
            await visit.GoAsync(path);
            var at = await visit.Page.Locator($"{Age} time").First.GetAttributeAsync("datetime");
            Assert.True(DateTimeOffset.Parse(at!, CultureInfo.InvariantCulture) <= since, $"{path}: {at} is after {since:O}");
            var sum = await visit.Page.Locator("figure.chart svg").GetAttributeAsync("aria-label");
            Assert.Contains("2 in all", sum, StringComparison.Ordinal);
        }

        await holding.RollbackAsync();
    }
}
