using System.Net;
using System.Text.Json;
using MeteringGateway.FunctionalTests.Accounts.People;

namespace MeteringGateway.FunctionalTests.Sales.PaymentOperations;

/// <summary>What an operator sees of payments, events and debts, and what an account sees of its own.</summary>
[Collection(PeopleTestGroup.Name)]
public sealed class PaymentOperationTests(PeopleGateway gateway)
{
    [Fact]
    public async Task Payments_ByStateAndAccount_AreThoseAskedFor()
    {
        var (account, _, session) = await gateway.SignUpAsync();
        (await gateway.PostAsync("api/credits/top-up", new { amountInUsdCents = 500 }, session)).ExpectSuccess();
        var declined = await OrderAsync(account, "declined", "stripe", "now()");

        var all = await GetAsync($"admin/payments?account_id={account}");
        var one = Assert.Single((await GetAsync($"admin/payments?account_id={account}&status=fulfilled")).Rows("payments"));
        var page = await GetAsync($"admin/payments?account_id={account}&limit=1&offset=1");

        Assert.Equal((2, declined), (all.GetProperty("total").GetInt64(), all.Rows("payments")[0].GetProperty("id").GetInt64()));
        Assert.Equal(
            ("fulfilled", "sandbox", 500, "USD", false, JsonValueKind.Null),
            (one.Text("status"), one.Text("channel"), one.GetProperty("price_cents").GetInt64(), one.Text("currency"),
                one.GetProperty("needs_person").GetBoolean(), one.GetProperty("needs_person_reason").ValueKind));
        Assert.StartsWith("sandbox_", one.Text("payment_id"), StringComparison.Ordinal);
        Assert.Equal(one.GetProperty("id").GetInt64(), Assert.Single(page.Rows("payments")).GetProperty("id").GetInt64());
        Assert.Equal(declined, Assert.Single((await GetAsync($"admin/payments?account_id={account}&channel=stripe")).Rows("payments"))
            .GetProperty("id").GetInt64());
    }

    [Theory]
    [InlineData("paid", "now() - interval '61 seconds'", true)]
    [InlineData("paid", "now() - interval '50 seconds'", false)]
    [InlineData("fulfilled", "now() - interval '61 seconds'", false)]
    [InlineData("pending", "null", false)]
    public async Task Payment_PaidWithoutCreditsForAMinute_NeedsAPerson(string status, string paidAt, bool needsPerson)
    {
        var (account, _, _) = await gateway.SignUpAsync();
        var id = await OrderAsync(account, status, "stripe", paidAt);

        var payment = Assert.Single((await GetAsync($"admin/payments?account_id={account}")).Rows("payments"));

        Assert.Equal(needsPerson, payment.GetProperty("needs_person").GetBoolean());
        Assert.Equal(needsPerson, payment.Text("needs_person_reason")?.EndsWith($"order:{id}.", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task Event_ThatNeedsAPerson_IsResolvedOnceAndTold()
    {
        var (id, body) = ($"evt_{Guid.NewGuid():N}", """{"card":"4242"}""");
        await gateway.ExecuteAsync(
            "insert into payment_events (channel, event_id, kind, outcome, body, needs_person) values ('stripe', @id, 'x', 'WrongAmount', "
                + "@body, true)",
            new { id, body });
        var open = await GetAsync("admin/payments/events?needs_person=true&outcome=WrongAmount&channel=stripe");
        Assert.Contains(id, open.Rows("events").Select(one => one.Text("event_id")));
        Assert.DoesNotContain("4242", open.GetRawText(), StringComparison.Ordinal);

        var path = $"admin/payments/events/stripe/{id}/resolve";
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => gateway.Client.AdminAsync(HttpMethod.Post, path)));

        var told = Assert.Single(answers.Select(answer => answer.ExpectSuccess().GetRawText()).Distinct());
        Assert.Contains("\"resolved_by\":\"operator\"", told, StringComparison.Ordinal);
        Assert.DoesNotContain(
            id, (await GetAsync("admin/payments/events?needs_person=true")).Rows("events").Select(one => one.Text("event_id")));
        Assert.Contains(
            id, (await GetAsync("admin/payments/events?needs_person=false")).Rows("events").Select(one => one.Text("event_id")));
        Assert.Equal(
            "operator payment_event.resolved WrongAmount",
            await gateway.ScalarAsync<string>(
                "select string_agg(actor || ' ' || action || ' ' || (after->>'outcome'), '|') from audit where target = @target",
                new { target = $"payment_event:stripe:{id}" }));
    }

    [Fact]
    public async Task Event_ThatIsUnknownOrNeedsNobody_IsRefused()
    {
        var id = $"evt_{Guid.NewGuid():N}";
        await gateway.ExecuteAsync(
            "insert into payment_events (channel, event_id, kind, outcome) values ('creem', @id, 'x', 'NothingToDo')", new { id });

        var needsNobody = await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/payments/events/creem/{id}/resolve");
        var ofAnother = await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/payments/events/stripe/{id}/resolve");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.NotFound), (needsNobody.Status, ofAnother.Status));
        Assert.Equal(0, await gateway.ScalarAsync<long>(
            "select count(*) from payment_events where event_id = @id and resolved_at is not null", new { id }));
    }

    [Fact]
    public async Task Debts_WhileAPurchaseIsPayingThem_AreOpenUntilItsCreditsMoved()
    {
        var (account, _, session) = await gateway.SignUpAsync();
        var (_, _, stranger) = await gateway.SignUpAsync();
        var order = await OrderAsync(account, "fulfilled", "stripe", "now()");
        var (entry, paid, pending) = ($"refund:{account}", $"debt:{account}:1", $"debt:{account}:2");
        var debt = await gateway.ScalarAsync<long>(
            "insert into debts (account_id, order_id, entry_id, credits, open) values (@account, @order, @entry, 100, 40) returning id",
            new { account, order, entry });
        await gateway.ExecuteAsync(
            """
            insert into reversal_movements (entry_id, account_id, order_id, kind, credits, amount, status, moved, retry_at)
            values (@paid, @account, @order, 'debt', 25, -25, 'applied', 25, now()),
                   (@pending, @account, @order, 'debt', 30, -30, 'pending', null, now() + interval '1 day');
            insert into debt_payments (entry_id, debt_id, credits) values (@paid, @debt, 25), (@pending, @debt, 30);
            """,
            new { account, order, paid, pending, debt });
        try
        {
            var mine = (await gateway.GetAsync("api/me/debts", session)).ExpectSuccess();
            var seen = await GetAsync($"admin/debts?account_id={account}");

            Assert.Equal("""{"credits":100,"open_credits":70,"paid_credits":25}""", seen.GetProperty("totals").GetRawText());
            Assert.Equal(seen.GetProperty("totals").GetRawText(), mine.GetProperty("totals").GetRawText());
            var one = Assert.Single(seen.Rows("debts"));
            Assert.Equal(
                (debt, account, order, entry, 100, 70, 25),
                (one.GetProperty("id").GetInt64(), one.GetProperty("account_id").GetInt64(), one.GetProperty("order_id").GetInt64(),
                    one.Text("entry_id"), one.GetProperty("credits").GetInt64(), one.GetProperty("open_credits").GetInt64(),
                    one.GetProperty("paid_credits").GetInt64()));
            Assert.False(Assert.Single(mine.Rows("debts")).TryGetProperty("account_id", out _));
            Assert.Empty((await gateway.GetAsync("api/me/debts", stranger)).ExpectSuccess().Rows("debts"));
            Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetAsync("api/me/debts", null)).Status);
        }
        finally
        {
            // The gateway would go on to finish what no purchase has begun.
            await gateway.ExecuteAsync(
                "delete from debt_payments where debt_id = @debt; delete from debts where id = @debt; "
                    + "delete from reversal_movements where account_id = @account",
                new { debt, account });
        }
    }

    [Theory]
    [InlineData("admin/payments?status=lost", "status")]
    [InlineData("admin/payments?channel=paypal", "channel")]
    [InlineData("admin/payments/events?outcome=Lost", "outcome")]
    [InlineData("admin/debts?account_id=x", "account_id")]
    public async Task List_OfWhatCannotBe_NamesTheParameter(string path, string name)
    {
        var answer = await gateway.Client.AdminAsync(HttpMethod.Get, path);
        Assert.Equal(
            (HttpStatusCode.BadRequest, name),
            (answer.Status, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).Text("parameter")));
    }

    private async Task<JsonElement> GetAsync(string path) => (await gateway.Client.AdminAsync(HttpMethod.Get, path)).ExpectSuccess();

    /// <summary>No sweeper takes it up: it is due tomorrow.</summary>
    private Task<long> OrderAsync(long account, string status, string channel, string paidAt) => gateway.ScalarAsync<long>(
        $"""
        insert into orders (account_id, kind, status, credits, price_cents, currency, description, channel, retry_at, created_at, paid_at)
        values (@account, 'top_up', @status, 50, 500, 'USD', 'Top-up', @channel, now() + interval '1 day', now(), {paidAt})
        returning id
        """,
        new { account, status, channel });
}

internal static class JsonRows
{
    public static JsonElement[] Rows(this JsonElement page, string name) => [.. page.GetProperty(name).EnumerateArray()];

    public static string? Text(this JsonElement row, string name) => row.GetProperty(name).GetString();
}
