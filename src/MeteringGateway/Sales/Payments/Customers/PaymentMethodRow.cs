namespace MeteringGateway.Sales.Payments.Customers;

/// <summary>A payment method that an account has on file, as PostgreSQL has it.</summary>
internal sealed record PaymentMethodRow
{
    public required string Channel { get; init; }
    public required string MethodId { get; init; }
    public required string Brand { get; init; }
    public required string Last4 { get; init; }
    public int? ExpMonth { get; init; }
    public int? ExpYear { get; init; }
    public bool IsDefault { get; init; }
}
