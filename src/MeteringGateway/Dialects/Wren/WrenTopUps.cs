using MeteringGateway.Calls.Pricing;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Dialects.Wren;

/// <summary>
/// <c>POST /api/credits/top-up</c>: 200 once the credits are there, 400 for a bad amount and for a payment that failed, and 202 for one
/// that takes its time, so that nobody sends it again; <c>amountCharged</c> is then 0 until it is paid, and <c>creditBalance</c> null while
/// it can't be told.
/// </summary>
internal sealed class WrenTopUps(PurchaseFlow purchases, Wallet wallet, CreditPrice price)
{
    public async Task<Results<Ok<WrenTopUp>, Accepted<WrenTopUp>, Problem>> TopUpAsync(HttpContext context)
    {
        var (terms, headerProblem) = PurchaseHeaders.Read(context.Request.Headers);
        var (cents, problem) = headerProblem is null ? await WrenAmount.ReadAsync(context.Request) : (0, headerProblem);
        if (problem is not null)
        {
            return problem;
        }

        var identity = AccountIdentity.Of(context);
        if (identity.IsTest)
        {
            return WireJson.Ok(new WrenTopUp(cents, TestKeyWallet.PaymentId, WrenSample.BalanceCents + cents));
        }

        var reply = await purchases.TopUpAsync(identity.WalletAccountId, cents, terms, context.RequestAborted);
        if (OrderRefusals.Of(reply) is { } refusal)
        {
            return AsDocumented(refusal);
        }

        if (reply.IsReplay)
        {
            context.Response.Headers[PurchaseHeaders.Replayed] = "true";
        }

        var order = reply.Order!;
        var id = order.PaymentId ?? order.Reference;
        if (order.BalanceAfter is { } balance)
        {
            return WireJson.Ok(new WrenTopUp(order.PriceCents, id, price.CentsFor(balance)));
        }

        var charged = order.Status == OrderStatus.Paid ? order.PriceCents : 0;
        return WireJson.Accepted(new WrenTopUp(charged, id, await CentsAsync(identity, context.RequestAborted)));
    }

    /// <summary>
    /// Null while Redis or PostgreSQL is away or the balance is being recovered: the payment is taken, and the answer says so all the same.
    /// </summary>
    private async Task<long?> CentsAsync(AccountIdentity identity, CancellationToken cancellationToken)
    {
        try
        {
            return price.CentsFor(await wallet.BalanceAsync(identity, cancellationToken));
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            return null;
        }
    }

    private static Problem AsDocumented(Problem refusal) => refusal.Code is ErrorCode.PaymentDeclined or ErrorCode.PaymentRequired
        ? new Problem
        {
            Code = refusal.Code,
            Detail = refusal.Detail,
            RedirectUrl = refusal.RedirectUrl,
            Status = StatusCodes.Status400BadRequest,
        }
        : refusal;
}
