using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Pricing;

/// <summary>What a call may cost at most and how it is charged, or why its body can't be priced.</summary>
/// <param name="Credits">What is held for the call: 0 where it is free, and where there is an error.</param>
/// <param name="Detail">What the price came from, for the ledger's description (<c>count=3, format=full</c>); null for a price that asks
/// nothing of the request.</param>
/// <param name="Error">Set exactly when the request must be refused.</param>
/// <param name="Usage">By what the answer is charged; null: by <paramref name="Credits"/>, whatever the answer.</param>
internal readonly record struct Quote(long Credits, string? Detail, FieldError? Error, UsageRates? Usage = null)
{
    /// <summary>What to charge once a whole answer is there. An answer that is no JSON is passed as empty.</summary>
    public long Charge(ReadOnlySpan<byte> json) => Usage?.Charge(json) ?? Credits;
}
