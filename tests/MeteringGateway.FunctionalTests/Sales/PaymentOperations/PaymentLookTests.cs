using System.Globalization;
using System.Text;
using Dapper;
using MeteringGateway.FunctionalTests.Sales.Orders;
using MeteringGateway.FunctionalTests.Sales.SavedMethods;
using MeteringGateway.Sales.PaymentOperations;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace MeteringGateway.FunctionalTests.Sales.PaymentOperations;

/// <summary>What a scrape says of money that comes in: each number on both sides of what it counts.</summary>
public sealed class PaymentLookTests
{
    private const string Cards = "cards";

    [Fact]
    public async Task Look_AtAnEmptyDatabase_FindsNothing()
    {
        await using var bench = await OpenAsync();
        Assert.All(
            (await LookAsync(bench)).Where(sample => sample.Key.StartsWith("metering_pay", StringComparison.Ordinal)),
            sample => Assert.Equal(0, sample.Value));
    }

    [Fact]
    public async Task Look_AtWhatWaits_CountsItWithItsAge()
    {
        await using var bench = await OpenAsync();
        var account = await bench.AddAccountAsync();
        var order = await OrderAsync(bench, account, "paid", paid: TimeSpan.FromSeconds(90));
        await OrderAsync(bench, account, "fulfilled", paid: TimeSpan.FromDays(1));
        await ExecuteAsync(bench, """
            insert into payment_events (channel, event_id, kind, outcome, needs_person, resolved_at)
            values ('cards', 'evt_1', 'x', 'WrongAmount', true, null), ('cards', 'evt_2', 'x', 'WrongAmount', true, now()),
                   ('cards', 'evt_3', 'x', 'Paid', false, null);
            insert into debts (account_id, order_id, entry_id, credits, open)
            values (@account, @order, 'refund:1', 100, 40), (@account, @order, 'refund:2', 5, 0);
            insert into auto_recharge (account_id, enabled, threshold, amount_cents, updated_at, stopped_at)
            values (@account, false, 1, 1000, now(), now()), (@other, true, 1, 1000, now(), null);
            insert into reversal_movements (entry_id, account_id, order_id, kind, credits, amount, status, retry_at, created_at)
            values ('refund:1', @account, @order, 'refund', 100, -60, 'pending', now(), @since),
                   ('refund:2', @account, @order, 'refund', 5, -5, 'applied', now(), @since);
            """, new { account, order, other = await bench.AddAccountAsync(), since = bench.Clock.GetUtcNow().AddMinutes(-4) });

        var seen = await LookAsync(bench);

        Assert.Equal(
            (1, 90, 1, 40, 1, 1, 240),
            (seen["metering_payments_unfulfilled"], seen["metering_payments_unfulfilled_oldest_seconds"],
                seen["metering_payment_events_open"], seen["metering_debt_open_credits"], seen["metering_auto_recharges_stopped"],
                seen["metering_reversals_unfinished"], seen["metering_reversals_unfinished_oldest_seconds"]));

        await ExecuteAsync(bench, "update payment_events set resolved_at = now(); update orders set status = 'fulfilled'");
        seen = await LookAsync(bench);
        Assert.Equal(
            (0, 0, 0),
            (seen["metering_payments_unfulfilled"], seen["metering_payments_unfulfilled_oldest_seconds"],
                seen["metering_payment_events_open"]));
    }

    [Theory]
    [InlineData(Cards, 2500, 16, null, 1)]
    [InlineData(Cards, 2500, 14, null, 0)]
    [InlineData(Cards, 2500, 16, 22, 1)]
    [InlineData(Cards, 2500, 16, 20, 0)]
    [InlineData(Cards, 2500, 16, 2, 0)]
    [InlineData(Cards, 0, 16, null, 0)]
    [InlineData(Cards, 2500, 7 * 24 * 60 + 1, null, 0)]
    [InlineData("sandbox", 2500, 16, null, 0)]
    public async Task Look_AtAPaymentOfMinutesAgo_ExpectsItsProviderToHaveTold(
        string channel, long cents, int paid, int? told, long expected)
    {
        await using var bench = await OpenAsync();
        await OrderAsync(
            bench, await bench.AddAccountAsync(), "fulfilled", paid: TimeSpan.FromMinutes(paid), channel: channel, cents: cents);
        var at = told is { } minutes ? bench.Clock.GetUtcNow().AddMinutes(-minutes) : (DateTimeOffset?)null;
        await ExecuteAsync(
            bench,
            "insert into payment_events (channel, event_id, kind, outcome, received_at) select 'cards', 'evt_1', 'x', 'Paid', "
                + "@at::timestamptz where @at::timestamptz is not null",
            new { at });

        var seen = await LookAsync(bench);

        Assert.Equal(expected, seen["""metering_payments_untold{channel="cards"}"""]);
        Assert.Equal(
            at?.ToUnixTimeSeconds() ?? 0, seen["""metering_payment_last_event_timestamp_seconds{channel="cards"}"""]);
    }

    [Theory]
    [InlineData("pending", 61, 1)]
    [InlineData("pending", 59, 0)]
    [InlineData("canceled", 61, 0)]
    public async Task Look_AtAnOrderOfMinutesAgo_CountsWhatStillWaits(string status, int minutes, long expected)
    {
        await using var bench = await OpenAsync();
        await OrderAsync(bench, await bench.AddAccountAsync(), status, made: TimeSpan.FromMinutes(minutes));
        Assert.Equal(expected, (await LookAsync(bench))["""metering_payments_pending{channel="cards"}"""]);
    }

    private static Task<MoneyBench> OpenAsync() =>
        MoneyBench.OpenAsync(more: services => services.AddPaymentOperations().AddSingleton<IPaymentProvider>(new CardProvider()));

    private static async Task<IReadOnlyDictionary<string, double>> LookAsync(MoneyBench bench)
    {
        var registry = bench.Get<PrometheusRegistry>();
        await bench.Get<PaymentLook>().LookAsync(default);
        using var text = new MemoryStream();
        await registry.WriteAsync(text, default);
        return Encoding.UTF8.GetString(text.ToArray()).Split('\n')
            .Where(line => line.StartsWith("metering_", StringComparison.Ordinal))
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static async Task<long> OrderAsync(
        MoneyBench bench, long account, string status, TimeSpan? paid = null, TimeSpan? made = null, string channel = Cards,
        long cents = 2500)
    {
        var now = bench.Clock.GetUtcNow();
        return await bench.ScalarAsync<long>(
            """
            insert into orders (account_id, kind, status, credits, price_cents, currency, description, channel, retry_at, created_at,
              paid_at)
            values (@account, 'top_up', @status, 50, @cents, 'USD', 'Top-up', @channel, @now, @made, @paid)
            returning id
            """,
            new { account, status, channel, cents, now, made = now - (made ?? TimeSpan.Zero), paid = now - paid });
    }

    private static async Task ExecuteAsync(MoneyBench bench, string sql, object? parameters = null)
    {
        await using var connection = await bench.Books.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
