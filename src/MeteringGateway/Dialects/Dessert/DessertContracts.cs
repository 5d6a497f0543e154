using MeteringGateway.Ledger.Reading;
using MeteringGateway.Sales.AutoRecharge;
using MeteringGateway.Sales.Orders;

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

internal sealed record DessertTransaction(
    string Type, long CreditsDelta, long BalanceAfter, decimal? UsdAmount, string Description, string At)
{
    public static DessertTransaction Of(LedgerEntry entry) => new(
        EntryNames.Of(entry.EntryType, entry.CreditsDelta).Dessert,
        entry.CreditsDelta,
        entry.BalanceAfter,
        PaymentFacts.Of(entry).DollarCents is { } cents ? DessertMoney.Usd(cents) : null,
        entry.Description ?? entry.EntryType,
        WireMoment.Milliseconds(entry.OccurredAt));
}

/// <summary>The settings in the document's words, and where it stands: see <see cref="AutoRechargeState"/>.</summary>
internal sealed record DessertAutoRecharge(
    bool AutoRechargeEnabled,
    long AutoRechargeThreshold,
    decimal AutoRechargeAmountUsd,
    decimal AutoRechargeMonthlyCapUsd,
    decimal AutoRechargeSpentThisMonthUsd,
    string AutoRechargeState,
    string? AutoRechargeNextAttemptAt,
    DessertRechargeAttempt? AutoRechargeLastAttempt)
{
    public static DessertAutoRecharge Of(AutoRechargeState state, DateTimeOffset now) => new(
        state.Settings.Enabled,
        state.Settings.Threshold,
        DessertMoney.Usd(state.Settings.AmountCents),
        DessertMoney.Usd(state.Settings.CapCents),
        DessertMoney.Usd(state.SpentCents),
        state.Name(now),
        state.NextAttemptAt(now) is { } next ? WireMoment.Milliseconds(next) : null,
        state.LastAttempt is { } last ? DessertRechargeAttempt.Of(last) : null);
}

/// <summary><c>status</c> is the order's; <c>reason</c> says why it was refused.</summary>
internal sealed record DessertRechargeAttempt(string At, string Status, decimal AmountUsd, string? Reason)
{
    public static DessertRechargeAttempt Of(OrderRow order) =>
        new(WireMoment.Milliseconds(order.CreatedAt), order.Status, DessertMoney.Usd(order.PriceCents), order.Refusal);
}

/// <summary>
/// Dollars as the document writes them: always with a decimal place (<c>25.0</c>), which keeps them floating-point numbers for readers that
/// tell the two apart.
/// </summary>
internal static class DessertMoney
{
    public static decimal Usd(long cents) => (cents / 100m) + 0.0m;
}
