using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Rewards;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Dialects.Kendr;

/// <summary><c>POST /api/me/purchases</c>: 200 once the credits are there, 202 while the payment or Redis takes its time.</summary>
internal sealed class KendrPurchases(
    PurchaseFlow purchases, CatalogStore catalog, RewardClaimant claimant, TestKeyWallet sandbox, TimeProvider time)
{
    public async Task<Results<Ok<KendrReceipt>, Accepted<KendrPendingReceipt>, Problem>> BuyAsync(HttpContext context)
    {
        var (terms, problem) = PurchaseHeaders.Read(context.Request.Headers);
        if (problem is not null)
        {
            return problem;
        }

        var body = await RequestBody.ReadAsync(context.Request);
        if (body.Fields is not { } fields)
        {
            return body.Problem!;
        }

        var id = fields.Whole("package_id", 1, long.MaxValue);
        var slug = fields.Text("package_slug", 64);
        if (id is null && slug is null && fields.Errors.Count == 0)
        {
            fields.Refuse("package_id", "or package_slug is required");
        }

        fields.RefuseOthers();
        if (fields.Errors.Count > 0)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        var identity = AccountIdentity.Of(context);
        if (identity.IsTest)
        {
            return await PretendAsync(id, slug, context.RequestAborted);
        }

        var claim = await claimant.OfAsync(identity, context.RequestAborted);
        var reply = await purchases.BuyPackageAsync(
            claim.AccountId, id, slug, terms with { PersonId = claim.PersonId }, context.RequestAborted);
        return OrderRefusals.Of(reply) is { } refusal ? refusal : Receipt(context, reply);
    }

    private static Results<Ok<KendrReceipt>, Accepted<KendrPendingReceipt>, Problem> Receipt(HttpContext context, OrderReply reply)
    {
        var order = reply.Order!;
        if (reply.IsReplay)
        {
            context.Response.Headers[PurchaseHeaders.Replayed] = "true";
        }

        var (package, at) = (KendrSoldPackage.Of(order), WireMoment.Seconds(order.CreatedAt));
        return order.BalanceAfter is { } balance
            ? WireJson.Ok(new KendrReceipt(true, order.Id, balance, package, at))
            : WireJson.Accepted(new KendrPendingReceipt(true, order.Id, order.Status, null, package, at));
    }

    /// <summary>With a test key: the answer as it would have been, and nothing is ordered.</summary>
    private async Task<Results<Ok<KendrReceipt>, Accepted<KendrPendingReceipt>, Problem>> PretendAsync(
        long? id, string? slug, CancellationToken cancellationToken)
    {
        if (await catalog.FindPackageAsync(id, slug, cancellationToken) is not { Active: true } package)
        {
            return OrderRefusals.Of(new OrderReply(OrderOutcome.UnknownPackage))!;
        }

        var sold = new KendrSoldPackage(package.Id, package.Slug, package.Name, package.Credits, package.PriceCents, package.Currency);
        return WireJson.Ok(new KendrReceipt(true, 0, sandbox.Balance + package.Credits, sold, WireMoment.Seconds(time.GetUtcNow())));
    }
}
