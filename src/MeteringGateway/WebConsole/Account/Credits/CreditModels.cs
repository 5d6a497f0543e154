using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Account.Credits;

/// <summary>The wallet, as <c>GET /api/me/wallet</c> tells it.</summary>
public sealed record WalletInfo(long Balance, long? Held, long? MonthlyBudget, long? MonthSpent, DateTimeOffset At);

/// <summary>A package of the catalog.</summary>
public sealed record PackageInfo(long Id, string Slug, string Name, string Description, long Credits, long PriceCents, string Currency);

public sealed record PackageList(IReadOnlyList<PackageInfo> Packages);

/// <summary>A payment method on file.</summary>
public sealed record MethodInfo(string Id, string Channel, string Brand, string Last4, int? ExpMonth, int? ExpYear, bool IsDefault)
{
    public string Name => Last4.Length > 0 ? $"{Text.Word(Brand)} •••• {Last4}" : Text.Word(Brand);
}

public sealed record MethodList(IReadOnlyList<MethodInfo> PaymentMethods);

/// <summary>The auto-recharge, as <c>GET /v1/auto-recharge</c> tells it.</summary>
public sealed record AutoRecharge(
    bool AutoRechargeEnabled, long AutoRechargeThreshold, decimal AutoRechargeAmountUsd, decimal AutoRechargeMonthlyCapUsd,
    decimal AutoRechargeSpentThisMonthUsd, string AutoRechargeState, RechargeAttempt? AutoRechargeLastAttempt);

public sealed record RechargeAttempt(string At, string Status, decimal AmountUsd, string? Reason);

/// <summary>An answer of the Billing API.</summary>
public sealed record Answer<T>(bool Success, T Data);

/// <summary>An order, as <c>GET /orders</c> tells it.</summary>
public sealed record OrderInfo(
    string Id, string Type, string Status, string Description, long Credits, long Amount, string Currency, string Channel,
    string? RedirectUrl, string CreatedAt);

public sealed record DebtTotals(long Credits, long OpenCredits, long PaidCredits);

public sealed record DebtList(DebtTotals Totals);

/// <summary>Where a payment session leads.</summary>
public sealed record PaymentSession(string RedirectUrl, string? OrderId);

/// <param name="Wallet">Null, like every part: it can't be read now.</param>
public sealed record CreditsModel(WalletInfo? Wallet)
{
    public IReadOnlyList<PackageInfo>? Packages { get; init; }

    public IReadOnlyList<MethodInfo>? Methods { get; init; }

    public AutoRecharge? AutoRecharge { get; init; }

    public IReadOnlyList<OrderInfo>? Orders { get; init; }

    public long OpenDebt { get; init; }

    /// <summary>Where money can be paid; none: payments are off.</summary>
    public required IReadOnlyList<string> Channels { get; init; }

    /// <summary>Price of a credit in dollars.</summary>
    public decimal CreditUsd { get; init; }

    /// <summary>What was wrong with a form, or why something can't be shown.</summary>
    public ApiProblem? Problem { get; init; }

    public MethodInfo? DefaultMethod => Methods?.FirstOrDefault(method => method.IsDefault);
}
