namespace MeteringGateway.WebConsole.Frame;

/// <summary>
/// What a page says after a form has done its work and the browser was sent on: the address carries a word, never a text, so that nobody
/// can make the console say something by a link.
/// </summary>
internal static class DoneText
{
    private static readonly Dictionary<string, string> s_texts = new(StringComparer.Ordinal)
    {
        ["key-changed"] = "The key's limits are changed. They hold from the next call on.",
        ["key-revoked"] = "The key is revoked. It is refused from the next call on.",
        ["bought"] = "Paid. The credits are in your balance.",
        ["pending"] = "The payment is under way. The credits come as soon as it is through.",
        ["paid-page"] = "You are back from the payment's page. Credits appear as soon as the payment is through.",
        ["left-page"] = "You left the payment's page. Nothing was paid.",
        ["method-default"] = "This method is charged from now on.",
        ["method-removed"] = "The method is removed.",
        ["recharge-saved"] = "Auto-recharge is saved.",
        ["coupon"] = "The coupon is redeemed.",
        ["checked-in"] = "You have checked in for today.",
        ["cancelled"] = "The subscription is cancelled. It runs until its paid time ends.",
        ["webhook-saved"] = "The webhook is saved.",
        ["webhook-removed"] = "The webhook is removed.",
        ["notices-saved"] = "The notice settings are saved.",
        ["team-made"] = "The team is made. You are its owner.",
        ["invited"] = "The invitation is sent to the account with that email, if there is one.",
        ["member-changed"] = "The member is changed.",
        ["member-removed"] = "The member is removed.",
        ["invitation-withdrawn"] = "The invitation is withdrawn.",
        ["joined"] = "You have joined the team.",
        ["declined"] = "The invitation is declined.",
        ["password"] = "The password is changed. Every other session of yours has ended.",
        ["signed-out"] = "You are signed out.",
        ["credited"] = "The credits are recorded. They are in the balance at once, or as soon as Redis is back.",
        ["suspended"] = "The account is suspended. Its calls are refused from now on.",
        ["activated"] = "The account is active again.",
        ["budget"] = "The account's budget is saved.",
        ["saved"] = "Saved.",
        ["resolved"] = "The event is marked as resolved.",
    };

    /// <summary>Null: a word that nobody of ours has written.</summary>
    public static string? Of(string? word) => word is null ? null : s_texts.GetValueOrDefault(word);
}
