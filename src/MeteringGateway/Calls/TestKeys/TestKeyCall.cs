using MeteringGateway.Calls.Answers;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Errors;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Calls.TestKeys;

/// <summary>
/// A metered call with a test key, after it was authenticated and priced like any other. Key, account and surface are checked by the same
/// store; then a balance of 1,000.00 USD worth of credits, which nothing lowers, stands in for the wallet and a canned answer for
/// the chain. A limit of the key counts for each call alone, as nothing is ever spent; its rate limit and the account's budget,
/// which would have to be stored, do not.
/// </summary>
internal sealed class TestKeyCall(KeyInspector inspector, CreditsOptions credits, TimeProvider time)
{
    /// <summary>1,000.00 USD, in every API that shows a balance.</summary>
    public const long BalanceCents = 100_000;

    /// <summary>What a metric calls a call that went well: it has no entry in the ledger, so it must not be counted as charged.</summary>
    private const string Outcome = "test";

    /// <summary>Longer than a client's patience for a quick answer, shorter than most of their timeouts.</summary>
    private static readonly TimeSpan SlowFor = TimeSpan.FromSeconds(3);

    /// <summary>What every test key has at any time: whole credits, rounded down.</summary>
    public static long Balance(CreditsOptions credits) => (long)decimal.Floor(BalanceCents / 100m / credits.Usd);

    /// <summary>Null: the answer has been written.</summary>
    public async ValueTask<Problem?> AnswerAsync(HttpContext context, MeteredCall call)
    {
        var (key, surface, price) = (call.Key, call.Surface!, call.Quote.Credits);
        var seen = await inspector.InspectAsync(key.AccountId, key.KeyId, key.SecretVersion, context.RequestAborted, surface.Slug);
        if (seen.Status != InspectionStatus.Active)
        {
            RateLimitHeaders.Write(context.Response.Headers, seen.Snapshot);
            return Refusals.Of(seen.Status, surface);
        }

        if (TestScenarios.Read(context.Request.Headers) is not { } scenario)
        {
            return TestScenarios.Unknown;
        }

        var (status, snapshot) = Decide(scenario, seen.Snapshot.WithBalance(Balance(credits)), price);
        if (status != ReserveStatus.Reserved || scenario == TestScenario.ProvidersFailed)
        {
            RateLimitHeaders.Write(context.Response.Headers, snapshot);
            return status == ReserveStatus.Reserved
                ? Refusals.Of(TestKeyAnswer.Failed(surface))
                : Refusals.Of(status, snapshot, surface, price);
        }

        return await SucceedAsync(context, call, scenario, snapshot);
    }

    /// <summary>In the order of the real reservation: balance, then FIXED, DAILY, WEEKLY, MONTHLY.</summary>
    internal static (ReserveStatus Status, BalanceSnapshot Snapshot) Decide(TestScenario scenario, BalanceSnapshot snapshot, long price)
    {
        if (scenario == TestScenario.InsufficientCredits)
        {
            return (ReserveStatus.InsufficientCredits, snapshot.WithBalance(0));
        }

        if (price > snapshot.Balance)
        {
            return (ReserveStatus.InsufficientCredits, snapshot);
        }

        foreach (var period in Period.All.Where(period => snapshot.HasLimit(period)))
        {
            var limit = snapshot.LimitOf(period).Limit!.Value;
            if (scenario == TestScenario.KeyLimitExceeded)
            {
                return (LimitStatus.Of(period), snapshot.WithLimitSpent(period, limit));
            }

            if (price > limit)
            {
                return (LimitStatus.Of(period), snapshot);
            }
        }

        // A key without any limit is answered as if it had one that this call's price has used up.
        return scenario == TestScenario.KeyLimitExceeded
            ? (ReserveStatus.FixedLimit, snapshot.WithLimitSpent(Period.Fixed, price))
            : (ReserveStatus.Reserved, snapshot);
    }

    private async Task<Problem?> SucceedAsync(HttpContext context, MeteredCall call, TestScenario scenario, BalanceSnapshot snapshot)
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

        var result = TestKeyAnswer.Succeeded(surface, time.GetElapsedTime(started));
        call.ProviderTime = result.ProviderTime;
        call.Outcome = Outcome;
        var charged = call.Quote.For(surface.Providers[0]).Charge(result.Answer!.Body.Span);
        await Envelope.WriteAsync(context, surface.Slug, result, charged, snapshot.WithBalance(snapshot.Balance - charged));
        return null;
    }
}
