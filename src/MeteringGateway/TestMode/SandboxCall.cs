using MeteringGateway.Credits;
using MeteringGateway.Errors;
using MeteringGateway.Metering;

namespace MeteringGateway.TestMode;

/// <summary>
/// A metered call with a test key, after it was authenticated and priced like any other. Key, account and surface are checked by the same
/// store; then a balance of 1,000.00 USD worth of credits, which nothing lowers, stands in for the wallet and a canned answer for the chain.
/// A limit of the key counts for each call alone, as nothing is ever spent; its rate limit and the account's budget, which would have to be stored, do not.
/// </summary>
internal sealed class SandboxCall(StoreInspector inspector, CreditsOptions credits, TimeProvider time)
{
    private const decimal BalanceUsd = 1_000m;

    /// <summary>What a metric calls a call that went well: it is in no books, so it must not be counted as charged.</summary>
    private const string Outcome = "test";

    /// <summary>Longer than a client's patience for a quick answer, shorter than most of their timeouts.</summary>
    private static readonly TimeSpan SlowFor = TimeSpan.FromSeconds(3);

    /// <summary>What every test key has at any time: whole credits, rounded down.</summary>
    public static long Balance(CreditsOptions credits) => (long)decimal.Floor(BalanceUsd / credits.Usd);

    /// <summary>Null: the answer has been written.</summary>
    public async ValueTask<Problem?> AnswerAsync(HttpContext context, MeteredCall call)
    {
        var (key, surface, price) = (call.Key, call.Surface!, call.Quote.Credits);
        var seen = await inspector.InspectAsync(key.AccountId, key.KeyId, key.SecretVersion, context.RequestAborted, surface.Slug);
        if (seen.Status != ReserveStatus.Reserved)
        {
            RateLimitHeaders.Write(context.Response.Headers, seen.Meter);
            return Refusals.Of(seen.Status, seen.Meter, surface, price);
        }

        if (TestScenarios.Read(context.Request.Headers) is not { } scenario)
        {
            return TestScenarios.Unknown;
        }

        var (status, meter) = Decide(scenario, seen.Meter.WithBalance(Balance(credits)), price);
        if (status != ReserveStatus.Reserved || scenario == TestScenario.ProvidersFailed)
        {
            RateLimitHeaders.Write(context.Response.Headers, meter);
            return status == ReserveStatus.Reserved ? Refusals.Of(SandboxAnswer.Failed(surface)) : Refusals.Of(status, meter, surface, price);
        }

        return await SucceedAsync(context, call, scenario, meter);
    }

    /// <summary>In the order of the real reservation: balance, then FIXED, DAILY, WEEKLY, MONTHLY.</summary>
    private static (ReserveStatus Status, Meter Meter) Decide(TestScenario scenario, Meter meter, long price)
    {
        if (scenario == TestScenario.InsufficientCredits)
        {
            return (ReserveStatus.InsufficientCredits, meter.WithBalance(0));
        }

        if (price > meter.Balance)
        {
            return (ReserveStatus.InsufficientCredits, meter);
        }

        for (var i = 0; i < Meter.AccountBudget; i++)
        {
            if (scenario == TestScenario.KeyLimitExceeded && meter.HasLimit(i))
            {
                return (ReserveStatus.FixedLimit + i, meter.WithLimitSpent(i, meter[i].Limit!.Value));
            }

            if (meter.HasLimit(i) && price > meter[i].Limit)
            {
                return (ReserveStatus.FixedLimit + i, meter);
            }
        }

        // A key without any limit is answered as if it had one that this call's price has used up.
        return scenario == TestScenario.KeyLimitExceeded ? (ReserveStatus.FixedLimit, meter.WithLimitSpent(0, price)) : (ReserveStatus.Reserved, meter);
    }

    private async Task<Problem?> SucceedAsync(HttpContext context, MeteredCall call, TestScenario scenario, Meter meter)
    {
        var surface = call.Surface!;
        var started = time.GetTimestamp();
        if (scenario == TestScenario.Slow)
        {
            try
            {
                await Task.Delay(SlowFor < surface.TotalTimeout ? SlowFor : surface.TotalTimeout, time, context.RequestAborted);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                call.Outcome = "client_closed";
                return null;
            }
        }

        var result = SandboxAnswer.Succeeded(surface, time.GetElapsedTime(started));
        call.ProviderTime = result.ProviderTime;
        call.Outcome = Outcome;
        var charged = surface.Price.Charge(call.Quote.Credits, result.Answer!.Body.Span);
        await Envelope.WriteAsync(context, surface.Slug, result, charged, meter.WithBalance(meter.Balance - charged));
        return null;
    }
}
