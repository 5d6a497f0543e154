using System.Text.Json;

namespace MeteringGateway.OpenApi;

/// <summary>The shape of a metered call's answer, for the document alone: on the hot path it is written byte by byte.</summary>
internal sealed record MeteredAnswer(
    bool Ok,
    string RequestId,
    string Surface,
    string Provider,
    JsonElement Result,
    long CreditsCharged,
    long? RemainingCredits,
    IReadOnlyList<MeteredAttempt> ProviderAttempts);

internal sealed record MeteredAttempt(string Provider, string Outcome, int? Status, long DurationMs);
