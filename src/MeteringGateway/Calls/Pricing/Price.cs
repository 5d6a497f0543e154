namespace MeteringGateway.Calls.Pricing;

/// <summary>How a surface's calls are priced, in whole credits. Pure: the same bytes cost the same.</summary>
internal abstract record Price
{
    /// <summary>
    /// The most that one call may cost. A reply of Redis's Lua is exact to 2^53; this leaves a thousand such calls below it.
    /// </summary>
    public const long Ceiling = 1_000_000_000_000;

    /// <summary>What to hold for a request that <see cref="QueryBody.Read"/> found <see cref="QueryBodyStatus.Ok"/>.</summary>
    public abstract Quote Quote(ReadOnlySpan<byte> body);

    /// <summary>
    /// What to charge once the answer is there, from 1 to <paramref name="reserved"/>. An answer that is no JSON is passed as empty.
    /// </summary>
    public abstract long Charge(long reserved, ReadOnlySpan<byte> result);
}
