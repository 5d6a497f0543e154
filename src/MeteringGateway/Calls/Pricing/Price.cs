namespace MeteringGateway.Calls.Pricing;

/// <summary>How a surface's calls are priced, in whole credits. Pure: the same bytes cost the same.</summary>
internal abstract record Price
{
    /// <summary>
    /// The most that one call may cost. A reply of Redis's Lua is exact to 2^53; this leaves a thousand such calls below it.
    /// </summary>
    public const long Ceiling = 1_000_000_000_000;

    /// <summary>Fields of the request have a say: it must be one JSON object.</summary>
    public abstract bool ReadsRequest { get; }

    /// <summary>Every call is free: nothing is held, nothing charged.</summary>
    public virtual bool IsFree => false;

    /// <summary>
    /// What to hold for a request, and how it is charged. Where the price <see cref="ReadsRequest"/> it must be one that
    /// <see cref="QueryBody.Read"/> found to be an object; else it may be of any kind, and empty.
    /// </summary>
    public abstract Quote Quote(ReadOnlySpan<byte> body);
}
