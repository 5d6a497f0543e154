namespace MeteringGateway.Sales.Orders;

internal static class OrderKind
{
    public const string Package = "package";
    public const string TopUp = "top_up";
    public const string AutoRecharge = "auto_recharge";
    public const string Subscription = "subscription";
}
