using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Management;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Http.Authentication;

/// <summary>Closes a group of endpoints to all but operators.</summary>
internal static class GroupAuthorization
{
    private static readonly Problem s_readOnly = Problem.Of(
        ErrorCode.Forbidden, "This token may look at everything and change nothing (access read_only): it takes one with full access.");

    private static readonly string FindCredential = SqlFile.Read("Http/Authentication/find-credential.sql");

    /// <summary>401 for no or unknown credentials, 403 for a key or session that is good but not an operator's, and for a call that
    /// changes something with a token that may only look.</summary>
    public static RouteGroupBuilder RequireOperator(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static async (call, next) =>
            (await RefuseNonOperatorAsync(call.HttpContext) ?? QueryRefusal.Of(call.HttpContext)) is { } problem
                ? problem
                : await next(call));
        return group.WithMetadata(CredentialsFirst.Operator, ManagementEndpoint.Instance);
    }

    private static async Task<Problem?> RefuseNonOperatorAsync(HttpContext context)
    {
        if (Vouched.Of(context) is { } vouched)
        {
            return vouched.Operator is { } known
                ? Accept(context, known)
                : Problem.Of(ErrorCode.Forbidden, "Only an operator may do this.");
        }

        var credential = Credential.ReadWithSessions(context.Request.Headers);
        if (credential.Status != CredentialStatus.Present)
        {
            return Problem.InvalidKey;
        }

        if (context.RequestServices.GetRequiredService<OperatorToken>().Matches(credential.Value))
        {
            context.Features.Set(Caller.Operator);
            return null;
        }

        if (OperatorSecret.TryParse(credential.Value, out var hash))
        {
            return await RefuseNamedAsync(context, hash);
        }

        return await IsKnownAsync(context, credential.Value)
            ? Problem.Of(ErrorCode.Forbidden, "Only an operator may do this.")
            : Problem.InvalidKey;
    }

    /// <summary>
    /// What changes something is no GET and no HEAD, so the method alone decides for every call that there is and that will be.
    /// </summary>
    private static async Task<Problem?> RefuseNamedAsync(HttpContext context, SecretHash hash)
    {
        var services = context.RequestServices;
        if (await services.GetRequiredService<OperatorOfToken>()(hash, context.RequestAborted) is not { } identity)
        {
            return Problem.InvalidKey;
        }

        // Remembered before anybody fails: a token that works now is not locked out by the next failure from the same address.
        services.GetRequiredService<FailureBound>().Succeeded(context);
        return Accept(context, identity);
    }

    private static Problem? Accept(HttpContext context, OperatorIdentity identity)
    {
        context.Features.Set(identity.Name is { Length: > 0 } ? Caller.Named(identity) : Caller.Operator);
        return identity.MayChange || HttpMethods.IsGet(context.Request.Method) ? null : s_readOnly;
    }

    private static async Task<bool> IsKnownAsync(HttpContext context, string token)
    {
        SecretHash hash;
        if (ApiKeySecret.TryParse(token, out var key))
        {
            hash = key.Hash;
        }
        else if (!SessionSecret.TryParse(token, out hash))
        {
            return false;
        }

        var database = context.RequestServices.GetRequiredService<NpgsqlDataSource>();
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return await database.QuerySingleAsync<bool>(FindCredential, new { hash = hash.ToBytes(), now }, context.RequestAborted);
    }
}
