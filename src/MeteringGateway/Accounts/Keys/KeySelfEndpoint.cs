using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.Keys;

/// <summary><c>GET /api/v1/key</c>: a key's holder sees what is left.</summary>
internal static class KeySelfEndpoint
{
    public static IEndpointRouteBuilder MapKeySelf(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/key", GetAsync).WithMetadata(CredentialsFirst.Key);
        return app;
    }

    private static async Task<Results<Ok<KeySelfView>, Problem>> GetAsync(
        HttpRequest request, KeyAuthenticator authenticator, KeyStore keys, KeyInspector store, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var found = await authenticator.FindAsync(request.Headers, isRoute: false, cancellationToken);
        if (found.Status == KeyLookupStatus.Unavailable)
        {
            return Away;
        }

        var now = time.GetUtcNow();
        if (found.Status == KeyLookupStatus.Unknown
            || await keys.FindAsync(found.Identity.KeyId, found.Identity.AccountId, cancellationToken) is not { } key
            || !key.Opens(found.Identity.SecretVersion, now))
        {
            return Problem.InvalidKey;
        }

        if (QueryRefusal.Of(request.HttpContext) is { } slip)
        {
            return slip;
        }

        if (await store.KeyStateAsync(key.AccountId, key.Id, cancellationToken) is not { } state)
        {
            return Away;
        }

        var usage = new KeyUsageView(state.SpentIn(Period.Daily), state.SpentIn(Period.Weekly), state.SpentIn(Period.Monthly));
        return WireJson.Ok(new KeySelfView(
            key.Id, key.Name, key.Prefix, key.Mode, key.StatusAt(now), key.Surfaces, key.RateLimitPerMinute, key.ExpiresAt,
            KeyView.LimitsOf(key, state), usage));
    }

    private static Problem Away => Problem.Of(ErrorCode.MeteringUnavailable, "What is spent can't be read right now.");
}
