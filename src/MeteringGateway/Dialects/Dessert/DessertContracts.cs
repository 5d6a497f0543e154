using MeteringGateway.Ledger;

namespace MeteringGateway.Dialects.Dessert;

/// <summary><c>pricing</c> has <c>credit_usd</c> first, then one number of credits for each thing that has a fixed price.</summary>
internal sealed record DessertBalance(
    long CreditsBalance,
    decimal CreditsBalanceUsdEquivalent,
    long CreditsLifetimePurchased,
    bool AutoRechargeEnabled,
    long AutoRechargeThreshold,
    decimal AutoRechargeAmountUsd,
    IReadOnlyDictionary<string, decimal> Pricing);

internal sealed record DessertUsage(IReadOnlyList<DessertTransaction> RecentTransactions);

internal sealed record DessertTransaction(string Type, long CreditsDelta, long BalanceAfter, decimal? UsdAmount, string Description, string At)
{
    public static DessertTransaction Of(LedgerEntry entry) => new(
        EntryNames.Of(entry.EntryType, entry.CreditsDelta).Dessert,
        entry.CreditsDelta,
        entry.BalanceAfter,
        PaymentFacts.Of(entry).DollarCents is { } cents ? DessertMoney.Usd(cents) : null,
        entry.Description ?? entry.EntryType,
        WireMoment.Milliseconds(entry.OccurredAt));
}

internal sealed record DessertAutoRecharge(bool AutoRechargeEnabled, long AutoRechargeThreshold, decimal AutoRechargeAmountUsd);

/// <summary>Dollars as the document writes them: always with a decimal place (<c>25.0</c>), which keeps them floating-point numbers for readers that tell the two apart.</summary>
internal static class DessertMoney
{
    public static decimal Usd(long cents) => (cents / 100m) + 0.0m;
}
