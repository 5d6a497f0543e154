using System.Globalization;
using MeteringGateway.Calls.Pricing;

namespace MeteringGateway.Sales.AutoRecharge;

/// <summary>
/// Which settings are taken: those with which a recharge leaves the balance at the threshold or above, so that it comes to rest.
/// </summary>
internal static class AutoRechargeRules
{
    /// <summary>The least that a card payment is worth its fee for.</summary>
    public const decimal LeastUsd = 1;

    /// <summary>Ten thousand dollars without a person who looks: beyond it a slip is likelier than a wish.</summary>
    public const decimal MostUsd = 10_000;

    /// <summary>A hundred of the greatest recharges in a month.</summary>
    public const decimal MostCapUsd = 1_000_000;

    public const string Threshold = "auto_recharge_threshold";
    public const string Amount = "auto_recharge_amount_usd";
    public const string Cap = "auto_recharge_monthly_cap_usd";

    /// <summary>The field that is wrong and what would be right; null: the settings are taken.</summary>
    public static (string Field, string Detail)? Refusal(AutoRechargeSettings settings, CreditPrice price)
    {
        var credits = price.CreditsFor(settings.AmountCents);
        if (credits < 1)
        {
            return (Amount, Text($"must buy at least one credit, which costs {price.Usd} USD"));
        }

        if (settings.AmountCents > MostUsd * 100)
        {
            return (Amount, Text($"must be at most {MostUsd} USD"));
        }

        if (credits < settings.Threshold)
        {
            return (
                Threshold,
                Text($"must be at most the {credits} credits that one recharge buys, or a recharge would leave the balance below it"));
        }

        return settings.CapCents < settings.AmountCents
            ? (Cap, "must be at least auto_recharge_amount_usd, or nothing would ever be bought")
            : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
