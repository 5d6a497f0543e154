using System.Globalization;
using Dapper;
using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Accounts.Keys;
using MeteringGateway.Accounts.Notices;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Accounts.People.Identities;

/// <summary>What a binding from a session comes to.</summary>
internal enum BindingStatus
{
    Done,

    /// <summary>The session has ended since it was looked at.</summary>
    CallerEnded,

    /// <summary>The identity is another account's.</summary>
    AnothersIdentity,
}

/// <summary>
/// Which account an identity provider's subject is. The first time a verified email decides; then the subject is bound, so that
/// a later owner of that email at the provider does not get the account with it. Nobody had proved the email before: what was there ends.
/// </summary>
internal sealed class IdentityStore(NpgsqlDataSource database, MemberKeys keys, IOptions<OAuthOptions> options)
{
    /// <summary>Stands in front of the email of a token without a subject; no claim that is read has a control character.</summary>
    private const string EmailAsSubject = "\u0001email:";
    private static readonly string FindSubject = SqlFile.Read("Accounts/People/Identities/find-subject.sql");
    private static readonly string LockByEmail = SqlFile.Read("Accounts/People/Identities/lock-by-email.sql");
    private static readonly string BindSubject = SqlFile.Read("Accounts/People/Identities/bind-subject.sql");
    private static readonly string EndEverythingOlder = SqlFile.Read("Accounts/People/Identities/end-everything-older.sql");

    /// <summary>Null: nobody's here.</summary>
    public async Task<BoundIdentity?> FindAccountAsync(TokenClaims claims, CancellationToken cancellationToken)
    {
        if (SubjectOf(claims) is not { } subject)
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var parameters = new { issuer = IssuerOf(claims), subject };
        var bound = await connection.QuerySingleOrDefaultAsync<long?>(
            new CommandDefinition(FindSubject, parameters, cancellationToken: cancellationToken));
        var account = bound is not null || claims.Email is null
            ? bound
            : await BindByEmailAsync(connection, claims, subject, cancellationToken);
        return account is { } id ? new BoundIdentity(id, parameters.issuer, subject) : null;
    }

    /// <summary>From a session of the account: ends nothing.</summary>
    public async Task<BindingStatus> BindFromSessionAsync(
        AccountRow account, TokenClaims claims, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await StandingCaller.HoldAsync(transaction, caller, cancellationToken))
        {
            return BindingStatus.CallerEnded;
        }

        var byEmail = claims.Email is { } email && EmailAddress.KeyOf(email) == EmailAddress.KeyOf(account.Email);
        var subject = SubjectOf(claims)!;
        if (!await InsertAsync(transaction, claims, subject, account.Id, byEmail, cancellationToken))
        {
            return BindingStatus.AnothersIdentity;
        }

        await WriteAuditAsync(transaction, caller.Actor, account.Id, claims, "session", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return BindingStatus.Done;
    }

    /// <summary>Null: the token names neither a subject nor a verified email.</summary>
    public static string? SubjectOf(TokenClaims claims) =>
        claims.Subject ?? (claims.Email is { } email ? EmailAsSubject + EmailAddress.KeyOf(email) : null);

    public string IssuerOf(TokenClaims claims) => claims.Issuer ?? options.Value.IntrospectionEndpoint!;

    private async Task<long?> BindByEmailAsync(
        NpgsqlConnection connection, TokenClaims claims, string subject, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await connection.QuerySingleOrDefaultAsync<EmailOwner?>(new CommandDefinition(
            LockByEmail, new { emailKey = EmailAddress.KeyOf(claims.Email!) }, transaction, cancellationToken: cancellationToken));
        if (found is not { } owner)
        {
            return null;
        }

        var parameters = new { issuer = IssuerOf(claims), subject, accountId = owner.Id };
        var bound = await connection.QuerySingleOrDefaultAsync<long?>(
            new CommandDefinition(FindSubject, parameters, transaction, cancellationToken: cancellationToken));
        if (bound is not null || owner.IsProven
            || !await InsertAsync(transaction, claims, subject, owner.Id, byEmail: true, cancellationToken))
        {
            return bound;
        }

        await connection.ExecuteAsync(
            new CommandDefinition(EndEverythingOlder, parameters, transaction, cancellationToken: cancellationToken));
        var caller = new Caller("identity-provider", null);
        var ended = await keys.EndAllAsync(transaction, owner.Id, caller, cancellationToken);
        await WebhookStore.RemoveAsync(transaction, owner.Id, caller, cancellationToken);
        await WriteAuditAsync(transaction, caller.Actor, owner.Id, claims, "email", cancellationToken);
        await NoticeWriter.WriteBindingAsync(transaction, owner.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        // Where Redis is away no call is taken, and what is recorded holds as soon as it is back.
        await keys.ApplyAsync(ended, CancellationToken.None);
        return owner.Id;
    }

    private async Task<bool> InsertAsync(
        NpgsqlTransaction transaction, TokenClaims claims, string subject, long accountId, bool byEmail,
        CancellationToken cancellationToken) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            BindSubject, new { issuer = IssuerOf(claims), subject, accountId, byEmail }, transaction,
            cancellationToken: cancellationToken)) is not null;

    private Task WriteAuditAsync(
        NpgsqlTransaction transaction, string actor, long accountId, TokenClaims claims, string by, CancellationToken cancellationToken) =>
        AuditTrail.WriteAsync(
            transaction,
            new AuditEntry(
                actor, "identity.bound", string.Create(CultureInfo.InvariantCulture, $"account:{accountId}"), null,
                new { Issuer = IssuerOf(claims), claims.Subject, by }),
            cancellationToken);

    private sealed record EmailOwner
    {
        public long Id { get; init; }
        public bool IsProven { get; init; }
    }
}
