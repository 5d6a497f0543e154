using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Idempotency;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Streams;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Repeats;
using MeteringGateway.Http.Errors;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Calls.TestKeys;

/// <summary>
/// A metered call with a test key, after it was authenticated and priced like any other. Key, account and surface are checked by the same
/// store; then a balance of 1,000.00 USD worth of credits, which nothing lowers, stands in for the wallet and a canned answer for
/// the chain. A limit of the key counts for each call alone, as nothing is ever spent; its rate limit and the account's budget,
/// which would have to be stored, do not.
/// </summary>
internal sealed class TestKeyCall(
    KeyInspector inspector, StreamRelay relay, CallReplay replay, CreditsOptions credits, TimeProvider time)
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
        var (key, surface) = (call.Key, call.Surface!);
        var seen = await inspector.InspectAsync(key.AccountId, key.KeyId, key.SecretVersion, context.RequestAborted, surface.Slug);
        if (seen.Status != InspectionStatus.Active)
        {
            RateLimitHeaders.Write(context.Response.Headers, seen.Snapshot);
            var refusal = Refusals.Of(seen.Status, surface);
            return call.IsDryRun ? await DryRunAnswer.WriteAsync(context, call, refusal, Balance(credits)) : refusal;
        }

        if (TestScenarios.Read(context.Request.Headers) is not { } scenario)
        {
            return TestScenarios.Unknown;
        }

        var (status, snapshot) = Decide(scenario, seen.Snapshot.WithBalance(Balance(credits)), call.Quote.Credits);
        if (call.IsDryRun)
        {
            RateLimitHeaders.Write(context.Response.Headers, snapshot);
            var refusal = status == ReserveStatus.Reserved ? null : Refusals.Of(status, snapshot, surface, call.Quote.Credits);
            return await DryRunAnswer.WriteAsync(context, call, refusal, snapshot.Balance);
        }

        if (call.Ticket is null)
        {
            return await AnswerAsync(context, call, scenario, status, snapshot, claim: null);
        }

        var claimed = await replay.ClaimAsync(
            call, context.TraceIdentifier, surface.TotalTimeout + surface.StreamTimeout + credits.HoldGrace);
        return claimed.Status switch
        {
            ClaimStatus.Claimed => await AnswerAsync(context, call, scenario, status, snapshot, claimed.Claim),
            ClaimStatus.Done => await replay.AnswerAsync(context, call, claimed.First!),
            _ => CallReplay.Refusal(claimed.Status),
        };
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

    private async ValueTask<Problem?> AnswerAsync(
        HttpContext context, MeteredCall call, TestScenario scenario, ReserveStatus status, BalanceSnapshot snapshot, CallClaim? claim)
    {
        var isDone = false;
        try
        {
            RateLimitHeaders.Write(context.Response.Headers, snapshot);
            if (status != ReserveStatus.Reserved)
            {
                return Refusals.Of(status, snapshot, call.Surface!, call.Quote.Credits);
            }

            if (scenario == TestScenario.ProvidersFailed)
            {
                return Refusals.Of(TestKeyAnswer.Failed(call.Surface!));
            }

            isDone = await SucceedAsync(context, call, scenario, snapshot, claim);
            return null;
        }
        finally
        {
            if (claim is not null && !isDone)
            {
                await replay.DropAsync(claim);
            }
        }
    }

    /// <returns>False: the client has left before the answer.</returns>
    private async Task<bool> SucceedAsync(
        HttpContext context, MeteredCall call, TestScenario scenario, BalanceSnapshot snapshot, CallClaim? claim)
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
                return false;
            }
        }

        var took = time.GetElapsedTime(started);
        var result = TestKeyAnswer.Succeeded(surface, took);
        (call.ProviderTime, call.Attempts, call.Outcome) = (took, result.Attempts, Outcome);
        var quote = call.Quote.For(surface.Providers[0]);
        if (StreamFlag.IsSaid(call.Body.Span))
        {
            var stream = new CallStream(context, call, TestKeyAnswer.Events(surface, took), relay, snapshot);
            await stream.RunAsync(call.Quote.Credits, renewal: null);
            await stream.EndAsync(await CompleteAsync(context, call, snapshot, claim, stream.Head, stream.Price(quote), isStreamed: true));
            return true;
        }

        var charged = quote.Charge(result.Answer!.Body.Span);
        var facts = await CompleteAsync(context, call, snapshot, claim, result.Answer, charged, isStreamed: false);
        await Envelope.WriteAsync(context, facts, result.Answer, call.InEnvelope);
        return true;
    }

    private async ValueTask<AnswerFacts> CompleteAsync(
        HttpContext context, MeteredCall call, BalanceSnapshot snapshot, CallClaim? claim, ProviderAnswer answer, long charged,
        bool isStreamed)
    {
        var remaining = snapshot.Balance - charged;
        if (claim is not null)
        {
            await replay.KeepAsync(call, context.TraceIdentifier, answer, isStreamed, isPaid: false);
            await replay.CompleteAsync(claim, charged, remaining);
        }

        return call.Facts(context.TraceIdentifier, answer.Provider, charged, remaining);
    }
}
