using MeteringGateway.Accounts;
using MeteringGateway.AutoRecharge;
using MeteringGateway.Orders;
using MeteringGateway.Requests;

namespace MeteringGateway.Dialects.Dessert;

/// <summary>Reads a change of the auto-recharge: absent fields stay. Null: the errors say why.</summary>
internal static class DessertAutoRechargeFields
{
    private const string Amount = "auto_recharge_amount_usd";

    public static AutoRechargeSettings? Read(RequestFields fields, AutoRechargeSettings current)
    {
        var wanted = current with
        {
            Enabled = fields.Flag("auto_recharge_enabled") ?? current.Enabled,
            Threshold = fields.Whole("auto_recharge_threshold", 1, CreditBounds.Call) ?? current.Threshold,
            AmountCents = Cents(fields) ?? current.AmountCents,
        };
        fields.RefuseOthers();
        return fields.Errors.Count == 0 ? wanted : null;
    }

    private static long? Cents(RequestFields fields)
    {
        const decimal least = PurchaseFlow.LeastTopUpCents / 100m;
        const decimal most = PurchaseFlow.MostTopUpCents / 100m;
        var dollars = fields.Number(Amount, least, most);
        if (dollars is { } amount && decimal.Round(amount, 2) != amount)
        {
            fields.Refuse(Amount, "must be whole cents");
            return null;
        }

        return (long?)(dollars * 100);
    }
}
