using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Engine.Calls;

namespace MeteringGateway.Calls.Streams;

/// <summary>One answer that goes out as it comes: begun, read to its end, priced by what it has shown, ended once it is settled.</summary>
/// <param name="snapshot">Of the account when the call was let in.</param>
internal sealed class CallStream(
    HttpContext context, MeteredCall call, StreamedAnswer answer, StreamRelay relay, BalanceSnapshot snapshot)
{
    private readonly UsageMeter? _meter = MeterOf(call, answer);
    private StreamEnd _end = StreamEnd.BrokeOff;

    /// <summary>Moves the deadline of the call's hold; null: the call holds nothing.</summary>
    public HoldRenewal? Renewal { get; private set; }

    public string Provider => answer.Provider;

    /// <summary>The answer without its body, for a repeat.</summary>
    public ProviderAnswer Head => new()
    {
        Provider = answer.Provider,
        Status = answer.Status,
        IsJson = answer.Shape == AnswerShape.Json,
        Headers = answer.Headers,
        Body = default,
    };

    public async Task<StreamEnd> RunAsync(long held, HoldRenewal? renewal)
    {
        Renewal = renewal;
        call.Attempts = answer.Attempts;
        AnswerHead.Begin(context.Response, snapshot);
        StreamAnswer.Begin(
            context, call.Facts(context.TraceIdentifier, answer.Provider, charged: 0, remaining: null), answer, held, call.InEnvelope);
        return _end = await relay.RunAsync(context, answer, _meter, call.Surface!.StreamTimeout);
    }

    public long Price(Quote quote) => StreamCharge.Of(quote, _end, _meter?.Credits);

    public ValueTask EndAsync(AnswerFacts facts) => StreamAnswer.EndAsync(context, facts, answer, _end, call.InEnvelope);

    private static UsageMeter? MeterOf(MeteredCall call, StreamedAnswer answer) =>
        call.Quote.For(answer.Provider).Usage is { } usage ? usage.Meter(answer.Shape)
        : answer.Shape == AnswerShape.Json ? UsageMeter.JsonCheck()
        : null;
}
