using System.Globalization;
using Dapper;
using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Accounts.People.Welcome;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Accounts.People;

/// <summary>Opens and ends the sessions of people.</summary>
internal sealed class SessionStore(NpgsqlDataSource database, WelcomeLinks links, IOptions<PeopleOptions> options, TimeProvider time)
{
    private static readonly string Insert = SqlFile.Read("Accounts/People/insert-session.sql");
    private static readonly string DeleteOthers = SqlFile.Read("Accounts/People/delete-other-sessions.sql");
    private static readonly string Turn = SqlFile.Read("Accounts/People/turn-session.sql");
    private static readonly string Delete = SqlFile.Read("Accounts/People/delete-session.sql");

    /// <summary>What an operator opens lasts as long whatever people's own last: it is for programs.</summary>
    private static readonly TimeSpan LifetimeFromOperator = TimeSpan.FromDays(30);

    /// <param name="transaction">So that a session and what entitles to it come together.</param>
    /// <param name="accountId">Whose wallet it opens.</param>
    /// <param name="personId">The member that opens it for a team; null: the account itself.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<SessionView> OpenAsync(
        NpgsqlTransaction transaction, long accountId, long? personId, CancellationToken cancellationToken)
    {
        var actor = string.Create(CultureInfo.InvariantCulture, $"account:{personId ?? accountId}");
        return await InsertAsync(transaction, accountId, personId, actor, options.Value.SessionLifetime, cancellationToken);
    }

    /// <summary>
    /// A session of the console in the place of one of the APIs, which ends with it: until when. Null: that one has ended before.
    /// </summary>
    public async Task<DateTimeOffset?> ExchangeForConsoleAsync(
        long accountId, SecretHash session, SecretHash hash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var caller = new Caller(string.Create(CultureInfo.InvariantCulture, $"account:{accountId}"), accountId)
        {
            PersonId = accountId,
            Proof = new CallerProof(session, null),
        };
        if (!await StandingCaller.HoldAsync(transaction, caller, cancellationToken))
        {
            return null;
        }

        await connection.ExecuteAsync(
            new CommandDefinition(Delete, new { hash = session.ToBytes() }, transaction, cancellationToken: cancellationToken));
        var expiresAt = await OpenForConsoleAsync(transaction, accountId, hash, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return expiresAt;
    }

    /// <summary>
    /// A session of a person that has shown who it is, under a secret of another kind than the APIs take, together with what entitles to
    /// it.
    /// </summary>
    public Task<DateTimeOffset> OpenForConsoleAsync(
        NpgsqlTransaction transaction, long accountId, SecretHash hash, CancellationToken cancellationToken)
    {
        var actor = string.Create(CultureInfo.InvariantCulture, $"account:{accountId}");
        return InsertAsync(transaction, hash, accountId, null, actor, options.Value.SessionLifetime, cancellationToken);
    }

    /// <summary>
    /// Turns a session of the console to the wallet of a team, or back to the person's own. False: the person is not in that team.
    /// </summary>
    /// <param name="hash">The session's.</param>
    /// <param name="personId">Whose it is.</param>
    /// <param name="walletId">The team; the person itself for its own.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<bool> TurnAsync(SecretHash hash, long personId, long walletId, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(Turn, new { hash = hash.ToBytes(), personId, walletId }, cancellationToken) == 1;

    /// <summary>A session of an account that exists, and a link with which its customer sets a password.</summary>
    public async Task<HandedOutSession> OpenForOperatorAsync(long accountId, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var session = await InsertAsync(transaction, accountId, null, caller.Actor, LifetimeFromOperator, cancellationToken);
        var link = await links.CreateAsync(transaction, accountId, caller, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new HandedOutSession(session.Session, session.AccountId, session.ExpiresAt, link);
    }

    private async Task<SessionView> InsertAsync(
        NpgsqlTransaction transaction, long accountId, long? personId, string actor, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var (text, hash) = SessionSecret.Create();
        var expiresAt = await InsertAsync(transaction, hash, accountId, personId, actor, lifetime, cancellationToken);
        return new SessionView(text, accountId, expiresAt);
    }

    private async Task<DateTimeOffset> InsertAsync(
        NpgsqlTransaction transaction, SecretHash hash, long accountId, long? personId, string actor, TimeSpan lifetime,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var expiresAt = now + lifetime;
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            Insert, new { hash = hash.ToBytes(), accountId, personId, now, expiresAt }, transaction, cancellationToken: cancellationToken));
        var target = string.Create(CultureInfo.InvariantCulture, $"account:{accountId}");
        await AuditTrail.WriteAsync(
            transaction, new AuditEntry(actor, "session.created", target, null, new { expiresAt }), cancellationToken);
        return expiresAt;
    }

    /// <summary>All that an account has opened, for itself and for teams, but the one that asks.</summary>
    public static Task EndOthersAsync(
        NpgsqlTransaction transaction, long accountId, SecretHash kept, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            DeleteOthers, new { accountId, kept = kept.ToBytes() }, transaction, cancellationToken: cancellationToken));

    public async Task EndAsync(SecretHash hash, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(Delete, new { hash = hash.ToBytes() }, cancellationToken);
    }
}
