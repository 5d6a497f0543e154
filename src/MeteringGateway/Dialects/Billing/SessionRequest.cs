using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Subscriptions;

namespace MeteringGateway.Dialects.Billing;

/// <summary>
/// What <c>POST /payment/create-session</c> asks for. Beside the document's <c>subscription</c> there are <c>package</c>, <c>topup</c> and
/// <c>setup</c> of our own.
/// </summary>
internal sealed record SessionRequest(
    string Channel, string Type, string? PlanId, string Billing, long? PackageId, string? PackageSlug, long AmountUsdCents,
    string SuccessUrl, string CancelUrl)
{
    public const string Subscription = "subscription";
    public const string Package = "package";
    public const string TopUp = "topup";
    public const string Setup = "setup";
    private static readonly string[] Types = [Subscription, Package, TopUp, Setup];
    private static readonly string[] Periods = [SubscriptionRow.Monthly, SubscriptionRow.Yearly];

    public static SessionRequest? Read(RequestFields fields, PaymentChannels channels)
    {
        var channel = fields.OneOf("channel", channels.Names, required: true);
        var type = fields.OneOf("type", Types, required: true);
        var plan = fields.Text("plan_id", 64, required: type == Subscription);
        var billing = fields.OneOf("billing", Periods) ?? SubscriptionRow.Monthly;
        var packageId = fields.Whole("package_id", 1, long.MaxValue);
        var packageSlug = fields.Text("package_slug", 64);
        var cents = fields.Whole("amount_usd_cents", PurchaseFlow.LeastTopUpCents, PurchaseFlow.MostTopUpCents, required: type == TopUp);
        var successUrl = Url(fields, "success_url");
        var cancelUrl = Url(fields, "cancel_url");
        if (type == Package && packageId is null && packageSlug is null && fields.Errors.Count == 0)
        {
            fields.Refuse("package_id", "or package_slug is required");
        }

        fields.RefuseOthers();
        return fields.Errors.Count == 0
            ? new SessionRequest(channel!, type!, plan, billing, packageId, packageSlug, cents ?? 0, successUrl!, cancelUrl!)
            : null;
    }

    public CheckoutTerms Terms(string gatewayUrl, PurchaseTerms headers) =>
        new(Channel, SuccessUrl, CancelUrl, gatewayUrl, headers.SandboxMode, headers.IdempotencyKey);

    public static string? Url(RequestFields fields, string name)
    {
        var url = fields.Text(name, 2000, required: true);
        if (url is not null && !CheckoutFlow.IsReturnUrl(url))
        {
            fields.Refuse(name, "must be an absolute http or https address");
        }

        return url;
    }
}
