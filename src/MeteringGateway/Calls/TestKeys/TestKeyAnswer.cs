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
    private static readonly KeyValuePair<string, string>[] NoHeaders = [];

    public static ChainResult Succeeded(Surface surface, TimeSpan took) => new(
        ChainStatus.Succeeded,
        new ProviderAnswer
        {
            Provider = Provider,
            Status = StatusCodes.Status200OK,
            Body = surface.TestAnswer.Json,
            IsJson = true,
            Headers = NoHeaders,
        },
        [new AttemptReport(Provider, AttemptOutcome.Success, StatusCodes.Status200OK, took)],
        took);

    /// <summary>Every provider of the surface's chain answering 503.</summary>
    public static ChainResult Failed(Surface surface) => new(
        ChainStatus.Failed,
        null,
        [.. surface.Providers.Select(provider =>
            new AttemptReport(provider, AttemptOutcome.Status, StatusCodes.Status503ServiceUnavailable, TimeSpan.Zero))],
        TimeSpan.Zero);
}
