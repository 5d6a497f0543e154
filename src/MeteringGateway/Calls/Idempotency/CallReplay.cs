using System.Buffers;
using System.Text.Json;
using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Repeats;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Idempotency;

/// <summary>
/// Keeps the first answer to an idempotency key, and gives it again. Whether a call is a repeat is decided where credits are held
/// (<c>batch.lua</c>), or by a claim where none are. Any number of callers at once.
/// </summary>
internal sealed class CallReplay(KeptAnswers kept, CallClaims claims, DisputeSettlement settlement, ReplayTurns turns)
{
    private const string TestScope = "test";
    private const string Replayed = "Idempotent-Replayed";

    /// <summary>Before the charge: from the charge on every repeat finds the answer, whatever becomes of this gateway.</summary>
    /// <param name="call">Without a ticket nothing is kept.</param>
    /// <param name="requestId">Of the first call.</param>
    /// <param name="answer">Kept whole where it is small enough; what went out as it came without its body.</param>
    /// <param name="isStreamed">It went out as it came.</param>
    /// <param name="isPaid">It is charged: its place is apart from those of answers that cost nothing.</param>
    public async ValueTask KeepAsync(MeteredCall call, string requestId, ProviderAnswer answer, bool isStreamed, bool isPaid)
    {
        if (call.Ticket is not { } ticket)
        {
            return;
        }

        var (account, name) = (call.Key.AccountId, NameOf(call, ticket));
        if (isStreamed || answer.Body.Length > KeptAnswers.LargestBody
            || !await kept.KeepAsync(
                account, name, requestId, new KeptAnswer(answer, call.Attempts, HasBody: true).Write(), isPaid))
        {
            await kept.KeepAsync(account, name, requestId, new KeptAnswer(Bodiless(answer), call.Attempts, HasBody: false).Write(), isPaid);
        }
    }

    /// <summary>Answers a repeat as the first call was answered.</summary>
    /// <returns>Null: it was written.</returns>
    public async ValueTask<Problem?> AnswerAsync(HttpContext context, MeteredCall call, FirstCall first)
    {
        using var turn = await turns.WaitAsync(call.Key.AccountId, context.RequestAborted);
        if (turn is null)
        {
            return Refusals.TooManyRepeats;
        }

        // The client of the first call was told that it is not charged, and once that is true its key is free.
        if (!IsTest(call) && first.Charged > 0 && await settlement.IsDisputedAsync(first.RequestId))
        {
            return Refusals.InProgress;
        }

        var found = await kept.FindAsync(call.Key.AccountId, NameOf(call, call.Ticket!), first.RequestId);
        var answer = found is { } bytes ? KeptAnswer.Read(bytes) : null;
        call.Outcome = "replayed";
        call.Attempts = answer?.Attempts ?? [];
        if (answer is not { HasBody: true })
        {
            return await WithoutBodyAsync(context, call, first, answer?.Answer.Provider);
        }

        context.Response.Headers[Replayed] = "true";
        var facts = call.Facts(first.RequestId, answer.Answer.Provider, first.Charged ?? 0, first.Balance);
        await Envelope.WriteAsync(context, facts, answer.Answer, call.InEnvelope);
        return null;
    }

    /// <summary>
    /// For calls that hold nothing: those with a test key, whose records are apart from the others, and those of a free surface, which
    /// meet those of surfaces that cost.
    /// </summary>
    /// <param name="call">With a ticket.</param>
    /// <param name="lifetime">A claim that is neither completed nor dropped ends after this time: its gateway has died.</param>
    public Task<ClaimReply> ClaimAsync(MeteredCall call, string requestId, TimeSpan lifetime) =>
        claims.ClaimAsync(call.Key.AccountId, IsTest(call) ? TestScope : null, call.Ticket!, requestId, lifetime);

    public Task CompleteAsync(CallClaim claim, long credits, long? balance) => claims.CompleteAsync(claim, credits, balance);

    public Task DropAsync(CallClaim claim) => claims.DropAsync(claim);

    /// <summary>The refusal of a repeat that can't be answered; null: the call may go on, or its first answer is there.</summary>
    public static Problem? Refusal(ClaimStatus status) => status switch
    {
        ClaimStatus.InProgress => Refusals.InProgress,
        ClaimStatus.Mismatch => Refusals.Mismatch,
        ClaimStatus.TooMany => Refusals.TooManyRepeats,
        ClaimStatus.Unavailable => Refusals.Unavailable,
        ClaimStatus.Claimed or ClaimStatus.Done => null,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    private static bool IsTest(MeteredCall call) => call.Key.Mode == Http.Authentication.KeyMode.Test;

    private static string NameOf(MeteredCall call, IdempotencyTicket ticket) =>
        IsTest(call) ? $"{TestScope}.{ticket.Hash}" : ticket.Hash;

    private static ProviderAnswer Bodiless(ProviderAnswer answer) => new()
    {
        Provider = answer.Provider,
        Status = answer.Status,
        IsJson = answer.IsJson,
        Headers = [],
        Body = default,
    };

    private static async ValueTask<Problem?> WithoutBodyAsync(HttpContext context, MeteredCall call, FirstCall first, string? provider)
    {
        var response = context.Response;
        response.Headers[Replayed] = "true";
        if (!call.InEnvelope)
        {
            response.Headers["X-Should-Retry"] = "false";
            return new Problem
            {
                Code = ErrorCode.IdempotencyBodyNotKept,
                Detail = $"The call {first.RequestId} with this Idempotency-Key was charged {first.Charged ?? 0} credits; its answer was "
                    + "not kept.",
                FirstCreditsCharged = first.Charged ?? 0,
            };
        }

        var text = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("ok", true);
            writer.WriteString("request_id", first.RequestId);
            writer.WriteString("surface", call.Surface!.Slug);
            writer.WriteString("provider", provider);
            writer.WriteNull("result");
            writer.WriteBoolean("replayed_without_body", true);
            writer.WriteNumber("credits_charged", first.Charged ?? 0);
            writer.WritePropertyName("remaining_credits");
            JsonSerializer.Serialize(writer, first.Balance);
            writer.WritePropertyName("provider_attempts");
            Envelope.WriteAttempts(writer, call.Attempts);
            writer.WriteEndObject();
        }

        var facts = call.Facts(first.RequestId, provider ?? "", first.Charged ?? 0, first.Balance);
        AnswerHead.Write(response, facts, StatusCodes.Status200OK, [], inEnvelope: true, isJson: true);
        if (provider is null)
        {
            response.Headers.Remove("X-Provider");
        }

        response.ContentLength = text.WrittenCount;
        await response.Body.WriteAsync(text.WrittenMemory);
        return null;
    }
}
