using MeteringGateway.Sales.Payments.Customers;

namespace MeteringGateway.Sales.SavedMethods;

/// <summary>A payment method as its account sees it.</summary>
/// <param name="Id">The provider's.</param>
/// <param name="Channel">The provider that keeps it, and alone can charge it.</param>
/// <param name="Brand">visa, mastercard, link, sepa_debit …</param>
/// <param name="Last4">Empty where it has no number.</param>
/// <param name="ExpMonth">1 to 12; null where it does not expire.</param>
/// <param name="ExpYear">Four digits.</param>
/// <param name="IsDefault">What is charged where nobody says otherwise; one of an account's is.</param>
internal sealed record PaymentMethodView(
    string Id, string Channel, string Brand, string Last4, int? ExpMonth, int? ExpYear, bool IsDefault)
{
    public static PaymentMethodView Of(PaymentMethodRow row) =>
        new(row.MethodId, row.Channel, row.Brand, row.Last4, row.ExpMonth, row.ExpYear, row.IsDefault);
}

/// <summary>The default first, then the newest.</summary>
internal sealed record PaymentMethodList(IReadOnlyList<PaymentMethodView> PaymentMethods);

/// <summary>What the audit trail has of a payment method: which it is, and nothing of the card.</summary>
internal sealed record MethodTrace(string Id, string Channel, bool IsDefault)
{
    public static MethodTrace Of(PaymentMethodRow row) => new(row.MethodId, row.Channel, row.IsDefault);
}
