namespace MeteringGateway.Accounts.Notices;

/// <summary>What an account is told of.</summary>
internal static class NoticeTypes
{
    public const string AutoRechargeStopped = "auto_recharge_stopped";
    public const string SubscriptionPaymentFailed = "subscription_payment_failed";
    public const string SubscriptionEnded = "subscription_ended";
    public const string PaymentReversed = "payment_reversed";

    public static string[] All { get; } =
    [
        "key_limit", "account_budget", "low_balance", "identity_bound", AutoRechargeStopped, SubscriptionPaymentFailed, SubscriptionEnded,
        PaymentReversed,
    ];
}
