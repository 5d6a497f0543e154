using MeteringGateway.BrowserTests.Harness;

namespace MeteringGateway.BrowserTests.Bounds;

/// <summary>A customer who names what is somebody else's, at every address and in every form that takes an id.</summary>
[Collection(ConsoleTestGroup.Name)]
public sealed class ForeignTests(ConsoleWorld world)
{
    /// <summary>What nobody's visit may change. Usage and calls are counted by themselves, and sessions say when they were used.</summary>
    private static readonly string[] s_tables =
    [
        "accounts", "keys", "key_secrets", "team_members", "team_invitations", "payment_methods", "auto_recharge", "webhooks", "orders",
        "ledger_entries", "subscriptions", "passwords",
    ];

    [Fact]
    public async Task Visitor_WithIdsOfSomebodyElse_FindsAndChangesNothing()
    {
        var ada = await Belongings.OfAsync(world);
        var mallory = await Belongings.OfAsync(world);
        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(mallory.Owner);
        await visit.GoAsync("/console/keys");
        var token = await visit.TokenAsync();
        var before = await SnapshotAsync();

        foreach (var path in ada.Addresses())
        {
            await visit.GoAsync(path, 404);
            ada.ExpectIsNotIn(path, await visit.Page.ContentAsync());
        }

        foreach (var path in ada.Filters())
        {
            await visit.GoAsync(path);
            ada.ExpectIsNotIn(path, await visit.Page.ContentAsync());
        }

        foreach (var path in ada.Files())
        {
            var file = await visit.Context.APIRequest.GetAsync(path);
            Assert.True(file.Status == 200, path);
            Assert.Single((await file.TextAsync()).Trim().Split('\n'));
        }

        foreach (var isForTeam in new[] { false, true })
        {
            if (isForTeam)
            {
                // The forms of members and invitations are about the team that is open.
                Assert.Equal(303, (await visit.PostAsync("/console/team/open", token, ("account_id", mallory.Team))).Status);
            }

            foreach (var (path, fields) in ada.Forms())
            {
                var answer = await visit.PostAsync(path, token, fields);
                Assert.True(answer.Status is 400 or 403 or 404, $"{path} is answered with {answer.Status}");
                ada.ExpectIsNotIn(path, await answer.TextAsync());
            }
        }

        Assert.Equal(before, await SnapshotAsync());
        visit.ExpectClean();
    }

    [Fact]
    public async Task Customer_AtTheOperatorsPages_IsSentToTheirDoor()
    {
        await using var visit = await WatchedPage.OpenAsync(world.Gateway);
        await visit.SignInAsync(await world.NewPersonAsync());
        await visit.GoAsync("/console/keys");
        var token = await visit.TokenAsync();
        var account = (await world.NewPersonAsync()).Account;

        foreach (var path in new[]
        {
            "", "/accounts", $"/accounts/{account}", $"/accounts/{account}/ledger.csv", "/usage", "/catalog", "/payments", "/audit",
        })
        {
            await visit.GoAsync("/console/operator" + path);
            Assert.Contains("/console/operator/sign-in", visit.Page.Url, StringComparison.Ordinal);
        }

        foreach (var path in new[] { $"/accounts/{account}/credit", "/verify", "/reconcile", "/accounts", "/catalog/packages" })
        {
            var answer = await visit.PostAsync("/console/operator" + path, token, ("amount", "5"), ("email", "x@example.com"));
            Assert.Equal((path, 303), (path, answer.Status));
            Assert.Equal("/console/operator/sign-in", answer.Headers["location"]);
        }

        Assert.Equal(0, await world.Stores.Books.BalanceAsync(account));
        visit.ExpectClean();
    }

    private async Task<string> SnapshotAsync()
    {
        var lines = new List<string>();
        foreach (var table in s_tables)
        {
            var rows = $"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t";
            lines.Add($"{table} {await world.ScalarAsync<string>(rows)}");
        }

        return string.Join('\n', lines);
    }
}
