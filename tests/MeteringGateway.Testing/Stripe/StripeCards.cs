namespace MeteringGateway.Testing.Stripe;

internal enum CardBehaviour
{
    Pays,
    Declines,

    /// <summary>Can be saved, and declines each charge.</summary>
    DeclinesCharges,

    /// <summary>The customer has to confirm each payment, who is not there off-session.</summary>
    Authenticates,

    /// <summary>A bank debit: it stays <c>processing</c> until the test says what became of it.</summary>
    IsSlow,

    /// <summary>Pays, and the cardholder complains at once; the money is withdrawn.</summary>
    Disputes,

    /// <summary>Pays, and the bank asks; no money moves.</summary>
    Inquires,
}

internal sealed record StripeCard(string Brand, string Last4, CardBehaviour Behaviour, string Decline = "generic_decline")
{
    public string Code => Decline is "expired_card" or "incorrect_cvc" or "processing_error" ? Decline : "card_declined";
}

/// <summary>Stripe's test cards, by the names behind <c>pm_card_</c> and <c>tok_</c>.</summary>
internal static class StripeCards
{
    private static readonly Dictionary<string, StripeCard> s_cards = new()
    {
        ["visa"] = new("visa", "4242", CardBehaviour.Pays),
        ["mastercard"] = new("mastercard", "4444", CardBehaviour.Pays),
        ["bypassPending"] = new("visa", "0077", CardBehaviour.Pays),
        ["chargeDeclined"] = new("visa", "0002", CardBehaviour.Declines),
        ["visa_chargeDeclined"] = new("visa", "0002", CardBehaviour.Declines),
        ["chargeDeclinedInsufficientFunds"] = new("visa", "9995", CardBehaviour.Declines, "insufficient_funds"),
        ["chargeDeclinedExpiredCard"] = new("visa", "0069", CardBehaviour.Declines, "expired_card"),
        ["chargeCustomerFail"] = new("visa", "0341", CardBehaviour.DeclinesCharges),
        ["authenticationRequired"] = new("visa", "3184", CardBehaviour.Authenticates),
        ["threeDSecure2Required"] = new("visa", "3220", CardBehaviour.Authenticates),
        ["createDispute"] = new("visa", "0259", CardBehaviour.Disputes),
        ["createDisputeInquiry"] = new("visa", "1976", CardBehaviour.Inquires),
    };

    /// <summary>Every debit is slow; this one is no card.</summary>
    public static StripeCard Debit { get; } = new("sepa_debit", "3201", CardBehaviour.IsSlow);

    public static StripeCard Named(string name) =>
        s_cards.GetValueOrDefault(name)
        ?? throw StripeRefusal.Invalid($"No such test card: '{name}'", "payment_method", "resource_missing");
}
