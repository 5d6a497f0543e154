using MeteringGateway.Calls.Pricing;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Sales.AutoRecharge;

namespace MeteringGateway.Dialects.Dessert;

/// <summary>Reads a change of the auto-recharge: absent fields stay, a cap of null is the default one. Null: the errors say why.</summary>
internal static class DessertAutoRechargeFields
{
    private const string Enabled = "auto_recharge_enabled";

    public static AutoRechargeSettings? Read(RequestFields fields, AutoRechargeSettings current, CreditPrice price)
    {
        var cap = Cents(fields, AutoRechargeRules.Cap, AutoRechargeRules.MostCapUsd);
        var wanted = current with
        {
            Enabled = fields.Flag(Enabled) ?? current.Enabled,
            Threshold = fields.Whole(AutoRechargeRules.Threshold, 1, CreditBounds.Call) ?? current.Threshold,
            AmountCents = Cents(fields, AutoRechargeRules.Amount, AutoRechargeRules.MostUsd) ?? current.AmountCents,
            MonthlyCapCents = fields.Given(AutoRechargeRules.Cap) ? cap : current.MonthlyCapCents,
        };
        fields.RefuseOthers();

        // A request that only turns it off is always heard, whatever a change of prices has made of the settings.
        var isOnlyOff = wanted == current with { Enabled = false };
        if (fields.Errors.Count == 0 && !isOnlyOff && AutoRechargeRules.Refusal(wanted, price) is var (field, detail))
        {
            fields.Refuse(field, detail);
        }

        return fields.Errors.Count == 0 ? wanted : null;
    }

    private static long? Cents(RequestFields fields, string name, decimal most)
    {
        var dollars = fields.Number(name, AutoRechargeRules.LeastUsd, most);
        if (dollars is { } amount && decimal.Round(amount, 2) != amount)
        {
            fields.Refuse(name, "must be whole cents");
            return null;
        }

        return (long?)(dollars * 100);
    }
}
