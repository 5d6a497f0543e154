using MeteringGateway.Accounts.Keys;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Dialects.Conduit;

/// <summary>
/// The spending limits of an account's own keys, in cents. The limits are the same as everywhere; a number of cents that buys no whole
/// credit is rounded down.
/// </summary>
internal sealed class ConduitKeyLimits(KeyStore keys, CreditPrice price, TimeProvider time)
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 100;

    public async Task<Results<Ok<ConduitKeys>, Problem>> ListAsync(HttpContext context)
    {
        var (page, problem) = Page.Read(context.Request.Query, DefaultLimit, MaxLimit);
        if (problem is not null)
        {
            return problem;
        }

        var (rows, _) = await keys.ListAsync(AccountIdentity.Of(context).WalletAccountId, page, context.RequestAborted);
        return WireJson.Ok(new ConduitKeys([.. rows.Select(View)], page.Limit, page.Offset, rows.Count));
    }

    public async Task<Results<Ok<ConduitKey>, Problem>> GetAsync(long id, HttpContext context) =>
        await keys.FindAsync(id, AccountIdentity.Of(context).WalletAccountId, context.RequestAborted) is { } key
            ? WireJson.Ok(View(key))
            : Unknown(id);

    public async Task<Results<Ok<ConduitKey>, Problem>> ChangeAsync(long id, RequestFields fields, HttpContext context)
    {
        if (ConduitLimitFields.Read(fields, price) is not { } limits)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        Problem? refusal = null;
        var change = await keys.ChangeAsync(id, "key.changed", Change, Caller.Of(context), context.RequestAborted);
        if (change.Row is not { } changed)
        {
            return change.Status switch
            {
                KeyChangeStatus.CallerEnded => Problem.InvalidKey,
                KeyChangeStatus.RoleRequired => KeyHandlers.BeyondAllowance,
                _ => refusal ?? Unknown(id),
            };
        }

        return await keys.ApplyAsync(changed.AccountId, id, changed.Version, CancellationToken.None)
            ? WireJson.Ok(View(changed))
            : Problem.Of(
                ErrorCode.MeteringUnavailable, "The change is recorded and holds as soon as Redis is back. Send it again to be sure.");

        KeyRow? Change(KeyRow current)
        {
            refusal = current.Status == KeyRow.Active
                ? null
                : Problem.Of(ErrorCode.Conflict, $"Key {id} is revoked; a revoked key stays as it is.");
            return refusal is null ? current with { Limits = limits } : null;
        }
    }

    private ConduitKey View(KeyRow key)
    {
        var limits = key.Limits.Set.Select(limit => new ConduitLimit(price.CentsFor(limit.Limit), limit.Type, limit.Period)).ToList();
        var only = limits.Count == 1 ? limits[0] : null;
        return new ConduitKey(
            key.Id, key.Name, key.Prefix, key.StatusAt(time.GetUtcNow()), only?.SpendingLimit, only?.SpendingType,
            only?.SpendingPeriod, limits);
    }

    private static Problem Unknown(long id) => Problem.Of(ErrorCode.NotFound, $"There is no key {id}.");
}
