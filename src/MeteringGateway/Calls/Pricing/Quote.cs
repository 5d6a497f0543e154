using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Pricing;

/// <summary>What a call may cost at most, or why its body can't be priced.</summary>
/// <param name="Credits">What is held for the call; 0 where there is an error.</param>
/// <param name="Detail">What the price came from, for the ledger's description (<c>count=3, format=full</c>); null for a price that asks
/// nothing of the request.</param>
/// <param name="Error">Set exactly when the request must be refused.</param>
internal readonly record struct Quote(long Credits, string? Detail, FieldError? Error);
