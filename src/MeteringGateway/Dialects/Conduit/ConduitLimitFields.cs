using MeteringGateway.Accounts.Keys;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Dialects.Conduit;

/// <summary>
/// Reads <c>spendingLimit</c> (cents; null: none), <c>spendingType</c> and <c>spendingPeriod</c>: together they replace all limits
/// of a key.
/// </summary>
internal static class ConduitLimitFields
{
    private const string Limit = "spendingLimit";
    private const string Type = "spendingType";
    private const string Period = "spendingPeriod";

    public static KeyLimits? Read(RequestFields fields, CreditPrice price)
    {
        var isGiven = fields.Given(Limit);
        var cents = fields.Whole(Limit, 0, CreditBounds.Balance);
        var period = fields.OneOf(Period, KeyLimits.Periods);
        var type = fields.OneOf(Type, KeyLimits.Types) ?? (period is null ? KeyLimits.FixedType : KeyLimits.RecurringType);
        fields.RefuseOthers();
        if (fields.Errors.Count > 0)
        {
            return null;
        }

        if (!isGiven)
        {
            fields.Refuse(Limit, "is required; null removes the limit");
        }
        else if (cents is not null && (type == KeyLimits.RecurringType) != (period is not null))
        {
            fields.Refuse(Period, period is null
                ? "must be " + string.Join(" or ", KeyLimits.Periods) + " for a RECURRING limit"
                : "must not be given for a FIXED limit");
        }

        if (fields.Errors.Count > 0)
        {
            return null;
        }

        return cents is { } amount
            ? KeyLimits.Of([new KeyLimit(type, period, Math.Min(price.CreditsFor(amount), CreditBounds.Balance))])
            : new KeyLimits();
    }
}
