using System.Globalization;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Edge;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Rewards;
using MeteringGateway.Sales.Subscriptions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Dialects.Billing;

/// <summary>Payment sessions and the subscription: where the customer is sent, and what he has.</summary>
internal sealed class BillingCheckout(
    CheckoutFlow checkout, SubscriptionStore subscriptions, SubscriptionEndings endings, RewardClaimant claimant, PaymentChannels channels,
    PublicUrl address)
{
    public async Task<Results<Ok<BillingAnswer<BillingSession>>, Problem>> CreateSessionAsync(HttpContext context)
    {
        var (headers, headerProblem) = PurchaseHeaders.Read(context.Request.Headers);
        if (headerProblem is not null)
        {
            return headerProblem;
        }

        var body = await RequestBody.ReadAsync(context.Request);
        if (body.Fields is not { } fields)
        {
            return body.Problem!;
        }

        if (SessionRequest.Read(fields, channels) is not { } request)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        var identity = AccountIdentity.Of(context);
        if (identity.IsTest)
        {
            return OrderRefusals.TestKey;
        }

        var claim = await claimant.OfAsync(identity, context.RequestAborted);
        var (account, terms) = (claim.AccountId, request.Terms(address.Value, headers) with { PersonId = claim.PersonId });
        if (request.Type == SessionRequest.Setup)
        {
            var setup = await checkout.SetUpAsync(account, terms, context.RequestAborted);
            return setup.Url is { } page ? Session(page, null) : OrderRefusals.Of(new OrderReply(setup.Outcome))!;
        }

        var reply = request.Type switch
        {
            SessionRequest.Subscription =>
                await checkout.SubscribeAsync(account, request.PlanId!, request.Billing, terms, context.RequestAborted),
            SessionRequest.TopUp => await checkout.SellTopUpAsync(account, request.AmountUsdCents, terms, context.RequestAborted),
            _ => await checkout.SellPackageAsync(account, request.PackageId, request.PackageSlug, terms, context.RequestAborted),
        };
        if (OrderRefusals.Of(reply) is { } refusal)
        {
            return refusal;
        }

        if (reply.IsReplay)
        {
            context.Response.Headers[PurchaseHeaders.Replayed] = "true";
        }

        // What costs nothing has no page to pay on: the customer is where he would come back to.
        // Likewise where a change waits for the end of what is paid: then there is no order yet.
        return Session(reply.Order?.PaymentUrl ?? request.SuccessUrl, reply.Order?.Id.ToString(CultureInfo.InvariantCulture));
    }

    public async Task<Results<Ok<BillingAnswer<BillingSession>>, Problem>> OpenPortalAsync(RequestFields fields, HttpContext context)
    {
        var returnUrl = SessionRequest.Url(fields, "return_url");
        fields.RefuseOthers();
        if (fields.Errors.Count > 0)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        var identity = AccountIdentity.Of(context);
        if (identity.IsTest)
        {
            return OrderRefusals.TestKey;
        }

        var url = await checkout.OpenPortalAsync(identity.WalletAccountId, returnUrl!, address.Value, context.RequestAborted);
        return url is null ? Problem.Of(ErrorCode.PaymentsDisabled, "The payment provider has no portal now.") : Session(url, null);
    }

    public async Task<Ok<BillingAnswer<BillingSubscription?>>> CurrentAsync(HttpContext context)
    {
        var identity = AccountIdentity.Of(context);
        var current = identity.IsTest ? null : await subscriptions.FindCurrentAsync(identity.WalletAccountId, context.RequestAborted);
        return WireJson.Ok(new BillingAnswer<BillingSubscription?>(true, current is null ? null : View(current)));
    }

    public async Task<Results<Ok<BillingAnswer<BillingSubscription?>>, Problem>> CancelAsync(HttpContext context)
    {
        var identity = AccountIdentity.Of(context);
        if (identity.IsTest)
        {
            return OrderRefusals.TestKey;
        }

        if (!await subscriptions.CancelAsync(identity.WalletAccountId, context.RequestAborted))
        {
            return Problem.Of(ErrorCode.NotFound, "The account has no subscription.");
        }

        await endings.TellAsync(identity.WalletAccountId, CancellationToken.None);
        return await CurrentAsync(context);
    }

    private static BillingSubscription View(SubscriptionRow row) => new(
        row.Id.ToString(CultureInfo.InvariantCulture), row.PlanId, row.Billing, row.Status, row.Channel,
        Moment(row.CurrentPeriodEnd), row.CancelAtPeriodEnd, Moment(row.PaidUntil), row.NextPlanId, row.NextBilling, Moment(row.RetryAt));

    private static string? Moment(DateTimeOffset? moment) => moment is { } at ? WireMoment.Seconds(at) : null;

    private static Ok<BillingAnswer<BillingSession>> Session(string url, string? orderId) =>
        WireJson.Ok(new BillingAnswer<BillingSession>(true, new BillingSession(url, url, orderId)));
}
