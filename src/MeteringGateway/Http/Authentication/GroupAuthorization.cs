using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Http.Authentication;

/// <summary>Closes a group of endpoints to all but operators.</summary>
internal static class GroupAuthorization
{
    private static readonly string FindCredential = SqlFile.Read("Http/Authentication/find-credential.sql");

    /// <summary>401 for no or unknown credentials, 403 for a key or session that is good but not an operator's.</summary>
    public static RouteGroupBuilder RequireOperator(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static async (call, next) =>
            (await RefuseNonOperatorAsync(call.HttpContext) ?? QueryRefusal.Of(call.HttpContext)) is { } problem
                ? problem
                : await next(call));
        return group.WithMetadata(CredentialsFirst.Operator);
    }

    private static async Task<Problem?> RefuseNonOperatorAsync(HttpContext context)
    {
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

        return await IsKnownAsync(context, credential.Value)
            ? Problem.Of(ErrorCode.Forbidden, "Only an operator may do this.")
            : Problem.InvalidKey;
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
