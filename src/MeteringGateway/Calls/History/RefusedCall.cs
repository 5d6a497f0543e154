namespace MeteringGateway.Calls.History;

/// <summary>A call of a live key that was not charged, for those who ask what became of it.</summary>
/// <param name="Surface">Null where nobody knows it any more.</param>
/// <param name="Provider">The last one that was tried; null: none was.</param>
/// <param name="Code">
/// Of the refusal, as the client was told, or how the call ended without one: <c>client_closed</c>, <c>expired</c>.
/// </param>
/// <param name="CreditsHeld">By its hold while it was under way; 0 where it was refused before.</param>
/// <param name="Attempts">As the answer's header has them; null: none.</param>
internal readonly record struct RefusedCall(
    string RequestId, long AccountId, string? Surface, string? Provider, string Code, long CreditsHeld, string? Attempts, DateTimeOffset At)
{
    /// <summary>The code of a call whose hold had to expire, for its gateway was gone.</summary>
    public const string Expired = "expired";
}
