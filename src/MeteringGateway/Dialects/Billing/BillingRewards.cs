using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Rewards;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Dialects.Billing;

/// <summary>The daily check-in and coupons in the Billing API's shape.</summary>
internal sealed class BillingRewards(CheckIn checkIn, Coupons coupons, RewardClaimant claimant, CouponThrottle throttle)
{
    public async Task<Results<Ok<BillingAnswer<BillingCheckIn>>, Accepted<BillingAnswer<BillingCheckIn>>, Problem>> CheckInAsync(
        HttpContext context)
    {
        var identity = AccountIdentity.Of(context);
        if (identity.IsTest)
        {
            return OrderRefusals.TestKey;
        }

        var reply = await checkIn.CheckInAsync(await claimant.OfAsync(identity, context.RequestAborted), context.RequestAborted);
        return reply.Status switch
        {
            CheckInStatus.Rewarded => WireJson.Ok(new BillingAnswer<BillingCheckIn>(true, BillingCheckIn.Of(reply))),
            CheckInStatus.Pending => WireJson.Accepted(new BillingAnswer<BillingCheckIn>(true, BillingCheckIn.Of(reply))),
            CheckInStatus.AlreadyCheckedIn => Problem.Of(ErrorCode.Conflict, "Already checked in today, which counts once for a person "
                + $"and once for a wallet. The next check-in is possible at {WireMoment.Seconds(reply.Day.NextAt)}."),
            CheckInStatus.Disabled => Problem.Of(ErrorCode.Forbidden, "Check-ins are turned off."),
            CheckInStatus.Refused => Problem.Of(ErrorCode.Conflict, "The balance can't take more credits."),
            _ => throw new InvalidOperationException($"Unknown status {reply.Status}."),
        };
    }

    public async Task<Results<Ok<BillingAnswer<BillingRedemption>>, Accepted<BillingAnswer<BillingRedemption>>, Problem>> RedeemAsync(
        RequestFields fields, HttpContext context)
    {
        var code = fields.Pasted("code", NewCoupon.MaxCode);
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

        var claim = await claimant.OfAsync(identity, context.RequestAborted);
        if (throttle.Take(claim) is { } wait)
        {
            return new Problem
            {
                Code = ErrorCode.RateLimited,
                Detail = "Too many wrong codes. The Retry-After header says when the next is looked at.",
                RetryAfter = wait,
            };
        }

        var reply = await coupons.RedeemAsync(code!, claim, context.RequestAborted);
        if (reply.Status is RedeemStatus.Redeemed or RedeemStatus.Pending or RedeemStatus.Refused)
        {
            throttle.Succeeded(claim);
        }

        return reply.Status switch
        {
            RedeemStatus.Redeemed => WireJson.Ok(Redemption(reply)),
            RedeemStatus.Pending => WireJson.Accepted(Redemption(reply)),
            RedeemStatus.UnknownCoupon => Problem.Of(ErrorCode.NotFound, "There is no such coupon."),
            RedeemStatus.AlreadyRedeemed => Problem.Of(
                ErrorCode.Conflict, "This coupon was redeemed already: a coupon counts once for a person and once for a wallet."),
            RedeemStatus.NotStarted => Problem.Of(ErrorCode.Conflict, "The coupon is not valid yet."),
            RedeemStatus.Expired => Problem.Of(ErrorCode.Conflict, "The coupon has expired."),
            RedeemStatus.UsedUp => Problem.Of(ErrorCode.Conflict, "The coupon is used up."),
            RedeemStatus.Refused =>
                Problem.Of(ErrorCode.Conflict, "The balance can't take more credits. The coupon stays yours: redeem it again later."),
            _ => throw new InvalidOperationException($"Unknown status {reply.Status}."),
        };
    }

    private static BillingAnswer<BillingRedemption> Redemption(RedeemReply reply) =>
        new(true, new BillingRedemption(reply.Coupon!.Code, reply.Reward!.Credits, reply.Reward.BalanceAfter));
}
