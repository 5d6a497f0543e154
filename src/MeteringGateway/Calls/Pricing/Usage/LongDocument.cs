namespace MeteringGateway.Calls.Pricing.Usage;

/// <summary>
/// The JSON of an event that is longer than what is kept of one, read as it comes: some APIs put the whole answer, pictures and all, beside
/// its usage.
/// </summary>
internal sealed class LongDocument(UsageRates rates)
{
    private readonly UsageWalk _walk = new(rates, isEvent: true);
    private JsonPieces? _json;

    /// <summary>What it has shown; to be forgotten unless <see cref="End"/> says that it is whole.</summary>
    public ReadOnlySpan<decimal?> Values => _walk.Values;

    public void Read(ReadOnlySpan<byte> bytes) => (_json ??= new JsonPieces(_walk, UsageMeter.MaxDepth)).Read(bytes);

    /// <summary>False: it is not one whole JSON document.</summary>
    public bool End()
    {
        _json?.End();
        return _json is { IsDamaged: false };
    }
}
