namespace MeteringGateway.Calls.Pricing.Usage;

/// <summary>One place where a field of <see cref="UsageRates"/> may stand, name by name.</summary>
internal readonly record struct UsagePath(int Field, string[] Names);
