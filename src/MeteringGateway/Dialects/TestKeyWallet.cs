using System.Text.Json;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.TestKeys;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Dialects;

/// <summary>
/// What a test key sees in place of the wallet: 1,000.00 USD worth of credits and a small ledger that leads there.
/// Always the same, never stored.
/// </summary>
internal sealed class TestKeyWallet
{
    /// <summary>Not a Stripe id of anybody: it starts like one, for clients that look at that.</summary>
    public const string PaymentId = "ch_test_sandbox";
    private const long SpentCents = 500;
    private static readonly DateTimeOffset First = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public TestKeyWallet(CreditPrice price)
    {
        Balance = price.CreditsFor(TestKeyCall.BalanceCents);
        var bought = price.CreditsFor(TestKeyCall.BalanceCents + SpentCents);
        var payment = JsonSerializer.SerializeToElement(
            new { payment_id = PaymentId, price_cents = TestKeyCall.BalanceCents + SpentCents, currency = Currency.Dollar });
        var spent = bought - Balance;
        LedgerEntry[] entries =
        [
            Entry(1, bought, bought, "purchase", "Test top-up", payment),
            Entry(2, -spent, Balance, "usage", "Test usage", null),
        ];

        // Where a credit is worth more than what the sample spends, there is nothing to show as spent.
        Entries = [.. entries.Where(entry => entry.CreditsDelta != 0).Reverse()];
    }

    public long Balance { get; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<LedgerEntry> Entries { get; }

    private static LedgerEntry Entry(long seq, long delta, long balance, string type, string description, JsonElement? metadata)
    {
        var at = First.AddDays(seq);
        var surface = type == "usage" ? "sandbox" : null;
        return new LedgerEntry($"test-{seq}", 0, seq, delta, balance, type, null, surface, surface, description, metadata, at, at);
    }
}
