namespace MeteringGateway.Ledger.Entries;

/// <summary>The bounds that keep every sum exact, in C# and in the scripts.</summary>
internal static class CreditBounds
{
    public const long Call = 1_000_000_000_000;
    public const long Balance = 1_000_000_000_000_000;
}
