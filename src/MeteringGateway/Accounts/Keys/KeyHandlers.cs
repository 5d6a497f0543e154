using System.Globalization;
using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.Keys;

/// <summary>
/// The calls on keys, the same for the operator and for an account on its own keys: <see cref="Caller.AccountId"/> bounds what they see.
/// </summary>
internal sealed class KeyHandlers(KeyStore keys, AccountStore accounts, KeyInspector store, SurfaceSource surfaces, TimeProvider time)
{
    private static readonly Problem NotApplied =
        Problem.Of(ErrorCode.MeteringUnavailable, "The change is recorded and holds as soon as Redis is back. Send it again to be sure.");

    public async Task<Results<Created<KeyView>, Problem>> CreateAsync(long accountId, RequestFields fields, HttpContext context)
    {
        if (KeyRequests.ReadNew(fields, accountId, IsSurface, time.GetUtcNow()) is not { } request)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        if (await accounts.FindAsync(accountId, context.RequestAborted) is null)
        {
            return UnknownAccount(accountId);
        }

        var (made, secret) = await keys.CreateAsync(request, Caller.Of(context), context.RequestAborted);
        if (made.Row is not { } key)
        {
            return made.Status switch
            {
                KeyChangeStatus.CallerEnded => Problem.InvalidKey,
                KeyChangeStatus.RoleRequired => BeyondAllowance,
                _ => UnknownAccount(accountId),
            };
        }

        // Nothing older of it can be in Redis, so a new key holds everywhere with or without this; and its secret is shown only now.
        await keys.ApplyAsync(accountId, key.Id, key.Version, CancellationToken.None);
        return WireJson.Created(await ViewAsync(key, CancellationToken.None) with { Key = secret });
    }

    public async Task<Results<Ok<KeyPage>, Problem>> ListAsync(long accountId, HttpContext context)
    {
        var (page, problem) = Page.Read(context.Request.Query);
        if (problem is not null)
        {
            return problem;
        }

        if (await accounts.FindAsync(accountId, context.RequestAborted) is null)
        {
            return UnknownAccount(accountId);
        }

        var (rows, total) = await keys.ListAsync(accountId, page, context.RequestAborted);
        var views = await Task.WhenAll(rows.Select(row => ViewAsync(row, context.RequestAborted)));
        return WireJson.Ok(new KeyPage(views, total, page.Limit, page.Offset));
    }

    /// <summary>Across all accounts, for an operator that has a name or what is shown of a key in place of its number.</summary>
    public async Task<Results<Ok<KeyPage>, Problem>> SearchAsync(HttpContext context)
    {
        var query = new QueryFields(context.Request.Query);
        var (filter, page) = (KeyFilter.Read(query), Page.Read(query));
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var (rows, total) = await keys.SearchAsync(filter, page, context.RequestAborted);
        var views = await Task.WhenAll(rows.Select(row => ViewAsync(row, context.RequestAborted)));
        return WireJson.Ok(new KeyPage(views, total, page.Limit, page.Offset));
    }

    public async Task<Results<Ok<KeyView>, Problem>> GetAsync(long id, HttpContext context) =>
        await keys.FindAsync(id, Caller.Of(context).AccountId, context.RequestAborted) is { } key
            ? WireJson.Ok(await ViewAsync(key, context.RequestAborted))
            : UnknownKey(id);

    public async Task<Results<Ok<KeyView>, Problem>> ChangeAsync(long id, RequestFields fields, HttpContext context)
    {
        Problem? refusal = null;
        var change = await keys.ChangeAsync(id, "key.changed", Change, Caller.Of(context), context.RequestAborted);
        if (change.Row is not { } changed)
        {
            return RefusalOf(change.Status, id, refusal);
        }

        return await keys.ApplyAsync(changed.AccountId, id, changed.Version, CancellationToken.None)
            ? WireJson.Ok(await ViewAsync(changed, CancellationToken.None))
            : NotApplied;

        KeyRow? Change(KeyRow current)
        {
            var wanted = current.Status == KeyRow.Active ? KeyRequests.ReadChange(fields, current, IsSurface, time.GetUtcNow()) : null;
            refusal = current.Status == KeyRow.Active ? Problem.InvalidRequest(fields.Errors) : RevokedKey(id);
            return wanted;
        }
    }

    public async Task<Results<Ok<KeyView>, Problem>> RotateAsync(long id, RequestFields fields, HttpContext context)
    {
        if (KeyRequests.ReadRotation(fields) is not { } wanted)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        if (await keys.FindAsync(id, Caller.Of(context).AccountId, context.RequestAborted) is not { } key)
        {
            return UnknownKey(id);
        }

        // Asked first, so that the secret which is shown once is rarely made in an outage, where its answer could only be a 503.
        if (await store.KeyStateAsync(key.AccountId, id, context.RequestAborted) is null)
        {
            return Problem.Of(ErrorCode.MeteringUnavailable, "Redis is away; the key was not rotated.");
        }

        var refusal = RevokedKey(id);
        var secret = ApiKeySecret.Create(key.KeyMode);
        var change = await keys.ChangeAsync(id, "key.rotated", Rotate, Caller.Of(context), context.RequestAborted, secret.Hash);
        if (change.Row is not { } rotated)
        {
            return RefusalOf(change.Status, id, refusal);
        }

        return await keys.ApplyAsync(rotated.AccountId, id, rotated.Version, CancellationToken.None)
            ? WireJson.Ok(await ViewAsync(rotated, CancellationToken.None) with { Key = secret.Text })
            : Problem.Of(
                ErrorCode.MeteringUnavailable,
                "The key is rotated as soon as Redis is back, and its new secret can't be shown: rotate it once more. " + Older(rotated));

        KeyRow? Rotate(KeyRow current)
        {
            if (current.Status == KeyRow.Active && wanted.Prefix is { } expected && expected != current.Prefix)
            {
                refusal = RotatedKey(current);
                return null;
            }

            return current.Status != KeyRow.Active ? null : current with
            {
                Prefix = secret.Visible,
                SecretVersion = current.SecretVersion + 1,
                PreviousSecretUntil = wanted.Overlap > TimeSpan.Zero ? time.GetUtcNow() + wanted.Overlap : null,
            };
        }
    }

    public async Task<Results<NoContent, Problem>> RevokeAsync(long id, HttpContext context)
    {
        var change = await keys.ChangeAsync(
            id, "key.revoked", static current => current with { Status = KeyRow.Revoked }, Caller.Of(context), context.RequestAborted);
        if (change.Row is not { } revoked)
        {
            return RefusalOf(change.Status, id, null);
        }

        return await keys.ApplyAsync(revoked.AccountId, id, revoked.Version, CancellationToken.None)
            ? TypedResults.NoContent()
            : NotApplied;
    }

    private async Task<KeyView> ViewAsync(KeyRow key, CancellationToken cancellationToken) =>
        KeyView.Of(key, await store.KeyStateAsync(key.AccountId, key.Id, cancellationToken), time.GetUtcNow());

    private bool IsSurface(string slug) => surfaces.Current.BySlug.ContainsKey(slug);

    private static Problem RefusalOf(KeyChangeStatus status, long id, Problem? refusal) => status switch
    {
        KeyChangeStatus.Refused when refusal is not null => refusal,
        KeyChangeStatus.CallerEnded => Problem.InvalidKey,
        KeyChangeStatus.RoleRequired => BeyondAllowance,
        _ => UnknownKey(id),
    };

    internal static Problem BeyondAllowance { get; } = Problem.Of(
        ErrorCode.RoleRequired,
        "A member changes only keys of its own, and gives them a limit within the key_limit that an owner has set. "
            + "More is for owners and those with the role billing.");

    private static Problem UnknownKey(long id) => Problem.Of(ErrorCode.NotFound, $"There is no key {id}.");

    private static Problem UnknownAccount(long id) => Problem.Of(ErrorCode.NotFound, $"There is no account {id}.");

    private Problem RotatedKey(KeyRow key) => Problem.Of(
        ErrorCode.Conflict,
        $"Key {key.Id} has been rotated since and begins with {key.Prefix} now: this request was sent before, or somebody else was faster. "
            + "It was not rotated again, and a secret is shown once: rotate it as it is now if nobody has that secret. " + Older(key));

    /// <summary>What becomes of the secret before where the key is rotated once more: one older secret at most works.</summary>
    private string Older(KeyRow key) => key.PreviousSecretUntil is { } end && end > time.GetUtcNow()
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"The secret before it works until {end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, and that rotation ends it at once: "
                + $"make it when its secret can be put in the place of what is in use.")
        : "No secret before it works any more.";

    private static Problem RevokedKey(long id) => Problem.Of(ErrorCode.Conflict, $"Key {id} is revoked; a revoked key stays as it is.");
}
