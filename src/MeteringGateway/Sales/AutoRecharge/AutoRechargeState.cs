using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Sales.AutoRecharge;

/// <summary>Where an account's auto-recharge stands: what is set, what it has cost this month, and what it waits for.</summary>
/// <param name="Settings">As the customer has them.</param>
/// <param name="SpentCents">In this month of UTC; an open payment counts.</param>
/// <param name="LastAttempt">The last order that it made; null: none yet.</param>
/// <param name="FiredAt">Set while the fall lasts for which it has bought.</param>
/// <param name="CanPay">Whether anybody takes payments.</param>
internal sealed record AutoRechargeState(
    AutoRechargeSettings Settings, long SpentCents, OrderRow? LastAttempt, DateTimeOffset? FiredAt, bool CanPay)
{
    /// <summary>Each name says what keeps it from buying; <c>armed</c>: nothing but the balance.</summary>
    public string Name(DateTimeOffset now) => this switch
    {
        { Settings: { Enabled: false, StoppedAt: not null } } => "stopped",
        { Settings.Enabled: false } => "off",
        { CanPay: false } => "payments_disabled",
        { LastAttempt.Status: OrderStatus.Pending or OrderStatus.Paid } => "buying",
        _ when SpentCents + Settings.AmountCents > Settings.CapCents => "cap_reached",
        _ when NextAttemptAt(now) is not null => "waiting",
        _ => "armed",
    };

    /// <summary>When a fall that lasts buys again; null: it does not wait for a time.</summary>
    public DateTimeOffset? NextAttemptAt(DateTimeOffset now)
    {
        if (!Settings.Enabled)
        {
            return null;
        }

        var next = FiredAt + AutoRechargeStore.PauseAfterAttempt;
        var latest = next is null || Settings.PausedUntil > next ? Settings.PausedUntil ?? next : next;
        return latest > now ? latest : null;
    }
}
