using System.Text.Json;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Accounts.Keys;

/// <summary>
/// Reads a key's limits: either the array <c>limits</c>, or the three fields <c>spending_limit</c>, <c>spending_type</c>,
/// <c>spending_period</c>, which speak of the one limit of a key that has at most one. Without a type the limit is FIXED,
/// or RECURRING where a period is given.
/// </summary>
internal static class LimitFields
{
    private const string Array = "limits";
    private const string Limit = "spending_limit";
    private const string Type = "spending_type";
    private const string Period = "spending_period";

    /// <summary>The limits after the request; <paramref name="current"/> where it does not speak of them or is wrong.</summary>
    public static KeyLimits Read(RequestFields fields, KeyLimits current)
    {
        // Not short-circuited: every field counts as known.
        var hasArray = fields.Given(Array);
        var hasLimit = fields.Given(Limit);
        var hasFields = fields.Given(Type) | fields.Given(Period) | hasLimit;
        var setsArray = fields.Set(Array);
        var setsFields = fields.Set(Type) | fields.Set(Period) | fields.Set(Limit);
        if (setsArray && setsFields)
        {
            fields.Refuse(Array, $"can't be given together with {Limit}, {Type} or {Period}");
            return current;
        }

        // A client that always sends every field means the form that is not null; all of them null removes all limits.
        if (hasArray && !setsFields)
        {
            return ReadArray(fields) ?? current;
        }

        return hasFields ? ReadFields(fields, current, hasLimit) : current;
    }

    private static KeyLimits? ReadArray(RequestFields fields)
    {
        var items = fields.Items(Array, 4);
        if (items is null)
        {
            // null removes all of them; anything else has been refused.
            return new KeyLimits();
        }

        var limits = items.Select((item, index) => ReadItem(fields, item, index)).ToList();
        if (limits.Contains(null))
        {
            return null;
        }

        var all = KeyLimits.Of(limits!);
        if (all is null)
        {
            fields.Refuse(Array, "must have at most one FIXED limit and one for each period");
        }

        return all;
    }

    private static KeyLimit? ReadItem(RequestFields fields, JsonElement item, int index)
    {
        if (fields.Inside(Array, index, item) is not { } inside)
        {
            return null;
        }

        var before = fields.Errors.Count;
        var type = inside.OneOf("type", KeyLimits.Types, required: true);
        var period = inside.OneOf("period", KeyLimits.Periods, required: type == KeyLimits.RecurringType);
        if (type == KeyLimits.FixedType && period is not null)
        {
            inside.Refuse("period", "must not be given for a FIXED limit");
        }

        var limit = inside.Whole("limit", 0, CreditBounds.Balance, required: true);
        inside.RefuseOthers();
        return fields.Errors.Count == before ? new KeyLimit(type!, period, limit!.Value) : null;
    }

    private static KeyLimits ReadFields(RequestFields fields, KeyLimits current, bool hasLimit)
    {
        var before = fields.Errors.Count;
        var set = current.Set;
        if (set.Count > 1)
        {
            fields.Refuse(Limit, $"is ambiguous for a key with {set.Count} limits: send {Array}");
            return current;
        }

        var old = set.Count == 1 ? set[0] : null;
        var limit = hasLimit ? fields.Whole(Limit, 0, CreditBounds.Balance) : old?.Limit;
        var givenType = fields.OneOf(Type, KeyLimits.Types);
        var givenPeriod = fields.OneOf(Period, KeyLimits.Periods);
        var type = givenType ?? (givenPeriod is not null ? KeyLimits.RecurringType : old?.Type ?? KeyLimits.FixedType);
        var period = type == KeyLimits.FixedType ? null : givenPeriod ?? old?.Period;
        if (type == KeyLimits.FixedType && givenPeriod is not null)
        {
            fields.Refuse(Period, "must not be given for a FIXED limit");
        }

        if (type == KeyLimits.RecurringType && period is null && fields.Errors.Count == before)
        {
            fields.Refuse(Period, "must be " + string.Join(" or ", KeyLimits.Periods) + " for a RECURRING limit");
        }

        if (fields.Errors.Count > before)
        {
            return current;
        }

        return limit is { } credits ? KeyLimits.Of([new KeyLimit(type, period, credits)])!.Value : new KeyLimits();
    }
}
