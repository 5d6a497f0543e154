using Dapper;
using MeteringGateway.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Authentication;

/// <summary>
/// Finds the account of an identity provider's subject. The email decides only the first time; then the subject is bound, so that
/// whoever gets that email at the provider later does not get the account with it.
/// </summary>
internal sealed class SubjectDirectory(NpgsqlDataSource books, IOptions<OAuthOptions> options)
{
    private static readonly string FindSubject = SqlFile.Read("Authentication/find-subject.sql");
    private static readonly string BindSubject = SqlFile.Read("Authentication/bind-subject.sql");
    private static readonly string FindByEmail = SqlFile.Read("Authentication/find-by-email.sql");

    public async Task<long?> FindAccountAsync(TokenClaims claims, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        if (claims.Subject is not { } subject)
        {
            return claims.Email is null ? null : await AskAsync(FindByEmail, new { email = claims.Email });
        }

        var issuer = claims.Issuer ?? options.Value.IntrospectionEndpoint;
        var bound = await AskAsync(FindSubject, new { issuer, subject });
        return bound is not null || claims.Email is null ? bound : await AskAsync(BindSubject, new { issuer, subject, email = claims.Email });

        Task<long?> AskAsync(string statement, object parameters) =>
            connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(statement, parameters, cancellationToken: cancellationToken));
    }
}
