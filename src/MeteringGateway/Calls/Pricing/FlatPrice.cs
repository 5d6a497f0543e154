namespace MeteringGateway.Calls.Pricing;

/// <summary>Every call costs the same, or nothing.</summary>
internal sealed record FlatPrice(long Credits) : Price
{
    public override bool ReadsRequest => false;

    public override bool IsFree => Credits == 0;

    public override Quote Quote(ReadOnlySpan<byte> body) => new(Credits, null, null);
}
