namespace MeteringGateway.Calls.Pricing;

/// <summary>Every call costs the same.</summary>
internal sealed record FlatPrice(long Credits) : Price
{
    public override Quote Quote(ReadOnlySpan<byte> body) => new(Credits, null, null);

    public override long Charge(long reserved, ReadOnlySpan<byte> result) => reserved;
}
