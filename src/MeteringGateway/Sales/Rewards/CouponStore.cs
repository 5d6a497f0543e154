using System.Globalization;
using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Rewards;

/// <summary>Coupons and their redemptions, in PostgreSQL.</summary>
internal sealed class CouponStore(NpgsqlDataSource database)
{
    private static readonly string Insert = SqlFile.Read("Sales/Rewards/insert-coupon.sql");
    private static readonly string List = SqlFile.Read("Sales/Rewards/list-coupons.sql");
    private static readonly string Lock = SqlFile.Read("Sales/Rewards/lock-coupon.sql");
    private static readonly string ReadClock = SqlFile.Read("Sales/Rewards/read-clock.sql");
    private static readonly string FindRedemption = SqlFile.Read("Sales/Rewards/find-redemption.sql");
    private static readonly string InsertRedemption = SqlFile.Read("Sales/Rewards/insert-redemption.sql");
    private static readonly string Reopen = SqlFile.Read("Sales/Rewards/reopen-reward.sql");

    /// <summary>Null when the code is taken.</summary>
    public async Task<CouponRow?> CreateAsync(NewCoupon coupon, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<CouponRow>(new CommandDefinition(
            Insert,
            new
            {
                code = coupon.Code,
                credits = coupon.Credits,
                maxUses = coupon.MaxUses,
                startsAt = coupon.StartsAt,
                expiresAt = coupon.ExpiresAt,
            },
            transaction,
            cancellationToken: cancellationToken));
        if (row is not null)
        {
            var target = string.Create(CultureInfo.InvariantCulture, $"coupon:{row.Id}");
            await AuditTrail.WriteAsync(transaction, new AuditEntry(caller.Actor, "coupon.created", target, null, row), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return row;
    }

    /// <summary>Newest first.</summary>
    public Task<(IReadOnlyList<CouponRow> Coupons, long Total)> ListAsync(Page page, CancellationToken cancellationToken) =>
        database.QueryPageAsync<CouponRow>(List, new { limit = page.Limit, offset = page.Offset }, cancellationToken);

    /// <summary>
    /// Takes one use for the person and the wallet, or says why not. <see cref="RedeemStatus.Pending"/>: recorded, and now to be paid.
    /// </summary>
    public async Task<RedeemReply> TakeAsync(string code, RewardClaim claim, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var coupon = await connection.QuerySingleOrDefaultAsync<CouponRow>(
            new CommandDefinition(Lock, new { code }, transaction, cancellationToken: cancellationToken));
        if (coupon is null)
        {
            return new RedeemReply(RedeemStatus.UnknownCoupon, null, null);
        }

        var taken = await connection.QuerySingleOrDefaultAsync<RewardRow>(
            new CommandDefinition(
                FindRedemption, new { couponId = coupon.Id, accountId = claim.AccountId, personId = claim.PersonId },
                transaction, cancellationToken: cancellationToken));
        if (taken is { Status: PayoutStatus.Refused } && taken.AccountId == claim.AccountId)
        {
            // The use is this account's already, only its balance had no room for the credits.
            await connection.ExecuteAsync(
                new CommandDefinition(Reopen, new { entryId = taken.EntryId }, transaction, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            return new RedeemReply(RedeemStatus.Pending, coupon, taken with { Status = PayoutStatus.Pending });
        }

        var now = await connection.QuerySingleAsync<DateTime>(
            new CommandDefinition(ReadClock, transaction: transaction, cancellationToken: cancellationToken));
        if (Refusal(coupon, taken, now) is { } refusal)
        {
            return new RedeemReply(refusal, coupon, taken);
        }

        var reward = await connection.QuerySingleAsync<RewardRow>(new CommandDefinition(
            InsertRedemption,
            new
            {
                couponId = coupon.Id,
                accountId = claim.AccountId,
                personId = claim.PersonId,
                credits = coupon.Credits,
                entryId = string.Create(CultureInfo.InvariantCulture, $"coupon:{coupon.Id}:{claim.AccountId}"),
                description = $"Coupon {coupon.Code}",
            },
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return new RedeemReply(RedeemStatus.Pending, coupon with { Uses = coupon.Uses + 1 }, reward);
    }

    // In this order: an account that has the coupon is told so, also when it has ended since.
    internal static RedeemStatus? Refusal(CouponRow coupon, RewardRow? taken, DateTime now) =>
        taken is not null ? RedeemStatus.AlreadyRedeemed
        : now < coupon.StartsAt ? RedeemStatus.NotStarted
        : now >= coupon.ExpiresAt ? RedeemStatus.Expired
        : coupon.Uses >= coupon.MaxUses ? RedeemStatus.UsedUp
        : null;
}
