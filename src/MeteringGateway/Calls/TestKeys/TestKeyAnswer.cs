using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;

namespace MeteringGateway.Calls.TestKeys;

/// <summary>
/// What a test key gets in a provider's place: always the same for the same surface, so that a client's tests can count on it.
/// </summary>
internal static class TestKeyAnswer
{
    /// <summary>Stands where a provider's name does. Real ones are not named: they had no part in it.</summary>
    private const string Provider = "sandbox";

    private static readonly KeyValuePair<string, string>[] s_json = [new("Content-Type", "application/json")];
    private static readonly KeyValuePair<string, string>[] s_events = [new("Content-Type", "text/event-stream")];

    public static ChainResult Succeeded(Surface surface, TimeSpan took) => new(
        ChainStatus.Succeeded,
        new ProviderAnswer
        {
            Provider = Provider,
            Status = StatusCodes.Status200OK,
            Body = surface.TestAnswer.Json,
            IsJson = true,
            Headers = s_json,
        },
        Attempts(took),
        took);

    /// <summary>For a request that asks for a stream.</summary>
    public static StreamedAnswer Events(Surface surface, TimeSpan took) => new()
    {
        Provider = Provider,
        Status = StatusCodes.Status200OK,
        Shape = AnswerShape.EventStream,
        Headers = s_events,
        Beginning = surface.TestAnswer.Events.SelectMany(one => one.ToArray()).ToArray(),
        Rest = Stream.Null,
        Attempts = Attempts(took),
    };

    /// <summary>Every provider of the surface's chain answering 503.</summary>
    public static ChainResult Failed(Surface surface) => new(
        ChainStatus.Failed,
        null,
        [.. surface.Providers.Select(provider =>
            new AttemptReport(provider, AttemptOutcome.Status, StatusCodes.Status503ServiceUnavailable, TimeSpan.Zero))],
        TimeSpan.Zero);

    private static AttemptReport[] Attempts(TimeSpan took) =>
        [new AttemptReport(Provider, AttemptOutcome.Success, StatusCodes.Status200OK, took)];
}
