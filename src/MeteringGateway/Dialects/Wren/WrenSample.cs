namespace MeteringGateway.Dialects.Wren;

/// <summary>What the document promises a test token: a balance of exactly $1,000.00 and a small ledger that leads to it, in cents whatever a credit costs.</summary>
internal static class WrenSample
{
    public const long BalanceCents = SandboxWallet.BalanceCents;

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<WrenEntry> Entries { get; } =
    [
        new("test-3", 300, "refund", null, null, "Test refund", "2026-01-08T09:00:00.000Z"),
        new("test-2", -800, "deduction", "test-2", null, "Test order", "2026-01-07T09:00:00.000Z"),
        new("test-1", BalanceCents + 500, "top_up", null, SandboxWallet.PaymentId, "Test top-up", "2026-01-06T09:00:00.000Z"),
    ];
}
