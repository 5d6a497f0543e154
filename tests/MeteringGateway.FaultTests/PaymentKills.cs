using System.Collections.Concurrent;
using System.Globalization;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Creem;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.FaultTests;

/// <summary>
/// Runs in each of which a few customers buy, answers of the providers are lost, events come several times or never, and the gateway is
/// killed somewhere between the order's row, the call to the provider, its answer, the event and the credit. The seed decides all of it but
/// the interleaving.
/// </summary>
internal sealed class PaymentKills(PaymentWorld world, int seed, TextWriter log)
{
    private const int Customers = 3;

    /// <summary>An open order is asked for after ten seconds at the earliest, and later each time.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private static readonly string[] s_points =
    [
        "payment-before-call", "payment-after-call", "event-before-commit", "event-after-commit", "money-before-credit",
        "money-after-credit", "credit-sent", "flush-before-commit", "flush-after-commit",
    ];

    private static readonly CreemFault[] s_creem = [CreemFault.Refuse, CreemFault.FailAfter, CreemFault.Drop, CreemFault.Twice];
    private static readonly StripeFault[] s_stripe =
    [
        StripeFault.ErrorBefore, StripeFault.ErrorAfter, StripeFault.Busy, StripeFault.DropBefore, StripeFault.DropAfter,
        StripeFault.BadGateway,
    ];


    private readonly ConcurrentQueue<(string Key, int Kind)> _unanswered = new();
    private readonly Random _random = new(seed);
    private int _purchases;
    private int _repeats;

    public async Task<PaymentKillReport> RunAsync(int runs)
    {
        var (killed, points) = (0, new SortedDictionary<string, int>(StringComparer.Ordinal));
        for (var run = 1; run <= runs; run++)
        {
            var point = _random.Next(6) == 0 ? null : s_points[_random.Next(s_points.Length)];
            var passage = _random.Next(1, 3).ToString(CultureInfo.InvariantCulture);
            var started = await world.RestartAsync(point is null ? null : $"{point}:kill@{passage}");
            world.Tell(_random.Next(4) > 0, _random.Next(1, 4));
            Lose();
            var deeds = Enumerable.Range(0, Customers).Select(i => BuyAsync($"{seed}-{run}-{i}", _random.Next(), run < runs)).ToList();
            if (point is null)
            {
                // At no point that anybody has thought of.
                await Wait.ForAsync(TimeSpan.FromMilliseconds(_random.Next(400)));
                await world.Gateway.Kill9Async();
            }

            await Task.WhenAll(deeds);
            // Where it was not struck, it is killed all the same before the next run: with what it has under way then.
            var where = started && !await world.HasDiedAsync() ? "after the run" : point ?? "anywhere";
            killed += where == "after the run" ? 0 : 1;
            points[where] = points.GetValueOrDefault(where) + 1;
        }

        await world.RestartAsync(null);
        await RepeatAsync();
        var problems = await SettleAsync();
        var report = new PaymentKillReport(
            runs, killed, _purchases, _repeats, world.Paid().Count, await world.CreditsAsync(), points, problems);
        await log.WriteLineAsync(report.ToString());
        return report;
    }

    /// <summary>An answer of each provider goes wrong now and then.</summary>
    private void Lose()
    {
        if (_random.Next(3) == 0)
        {
            var operation = new[] { "POST /v1/checkouts", "GET /v1/checkouts", "POST /v1/products" }[_random.Next(3)];
            world.Creem.Faults.Next(operation, s_creem[_random.Next(s_creem.Length)]);
        }

        if (_random.Next(3) == 0)
        {
            world.Stripe.Order(
                s_stripe[_random.Next(s_stripe.Length)], new[] { "/v1/checkout/sessions", "/v1/payment_intents" }[_random.Next(2)]);
        }
    }

    private async Task BuyAsync(string key, int luck, bool mayLeave)
    {
        Interlocked.Increment(ref _purchases);
        var kind = luck % 3;
        if (!await AskAsync(key, kind, luck) && (!mayLeave || luck % 10 < 7))
        {
            _unanswered.Enqueue((key, kind));
        }
    }

    /// <summary>False: no answer came that ends it; the client may send the same again.</summary>
    private async Task<bool> AskAsync(string key, int kind, int luck)
    {
        if (kind == 2)
        {
            return await world.TopUpAsync(key);
        }

        if (await world.SessionAsync(kind == 0 ? "creem" : "stripe", key) is not { } page)
        {
            return false;
        }

        if (luck % 7 > 0)
        {
            world.Pay(page);
        }

        return true;
    }

    /// <summary>Clients that got no answer send the same again, under the same key, and some of them twice at once.</summary>
    private async Task RepeatAsync()
    {
        world.Tell(true);
        foreach (var (key, kind) in _unanswered)
        {
            _repeats++;
            await Task.WhenAll(AskAsync(key, kind, 1), kind == 2 ? AskAsync(key, kind, 1) : Task.FromResult(true));
        }
    }

    /// <summary>Until each payment has its credit; then what is wrong, a line each.</summary>
    private async Task<IReadOnlyList<string>> SettleAsync()
    {
        IReadOnlyList<string> entries = [];
        IReadOnlyList<string> paid = [];
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    paid = [.. world.Paid().Select(reference => reference[(reference.IndexOf(':', StringComparison.Ordinal) + 1)..])];
                    entries = [.. (await world.Books.EntriesAsync(world.Account)).Select(entry => entry.EntryId)];
                    return paid.All(reference => entries.Contains(reference));
                },
                () => "payments without a credit",
                s_patience);
        }
        catch (TimeoutException)
        {
            // Said below, one by one.
        }

        return
        [
            .. paid.Where(reference => !entries.Contains(reference)).Select(reference => $"{reference} is paid and not credited"),
            .. paid.GroupBy(reference => reference).Where(group => group.Count() > 1)
                .Select(group => $"{group.Key} was paid {group.Count()} times"),
            .. entries.Where(entry => !paid.Contains(entry)).Select(entry => $"{entry} is credited and not paid"),
            .. (await world.Books.EntriesAsync(world.Account)).Where(entry => entry.CreditsDelta is not (250 or 2500))
                .Select(entry => $"{entry.EntryId} has {entry.CreditsDelta} credits"),
            .. await world.Books.ProblemsAsync(),
            .. (await world.Gateway.Client.VerifyLedgerAsync()).GetProperty("ok").GetBoolean()
                ? []
                : new[] { "ledger verify finds something" },
        ];
    }
}

/// <param name="Runs">How many.</param>
/// <param name="Killed">In how many of them the gateway died while customers were being served.</param>
/// <param name="Purchases">What customers asked for.</param>
/// <param name="Repeats">How many asked again, having got no answer.</param>
/// <param name="Payments">At the providers.</param>
/// <param name="Credits">Entries of orders in the ledger.</param>
/// <param name="Points">Where it died, and how often.</param>
/// <param name="Problems">One line each.</param>
internal sealed record PaymentKillReport(
    int Runs, int Killed, int Purchases, int Repeats, int Payments, int Credits, IReadOnlyDictionary<string, int> Points,
    IReadOnlyList<string> Problems)
{
    public override string ToString() =>
        $"{Runs} runs, {Killed} killed while they bought ({string.Join(", ", Points.Select(point => $"{point.Key} {point.Value}"))}), "
        + $"{Purchases} purchases, {Repeats} asked again, {Payments} payments, {Credits} credits: "
        + (Problems.Count == 0 ? "no finding" : "FINDINGS\n" + string.Join('\n', Problems));
}
