namespace MeteringGateway.Calls.History;

/// <summary>What became of a call, as <c>GET /api/v1/calls/{request_id}</c> tells it.</summary>
/// <param name="Surface">Null where only the gateway that serves the call knows it, or the one that has died with it.</param>
/// <param name="State">One of <see cref="Held"/>, <see cref="Charged"/> and <see cref="NotCharged"/>.</param>
/// <param name="Code">Why it was not charged; null of other calls.</param>
/// <param name="CreditsHeld">The most that it could cost; null of a charge from before the ledger kept it.</param>
/// <param name="At">When it was charged or refused; of a call under way, when it came.</param>
internal sealed record CallView(
    string RequestId, string? Surface, string? Provider, string State, string? Code, long? CreditsHeld, long CreditsCharged,
    IReadOnlyList<CallAttempt> ProviderAttempts, DateTimeOffset At)
{
    public const string Held = "held";
    public const string Charged = "charged";
    public const string NotCharged = "not_charged";
}

/// <summary>One attempt, in the form of a metered call's answer.</summary>
internal sealed record CallAttempt(string Provider, string Outcome, int? Status, long DurationMs);
