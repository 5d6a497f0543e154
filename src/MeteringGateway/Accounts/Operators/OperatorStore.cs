using System.Globalization;
using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Operators;

/// <summary>
/// Named operators in PostgreSQL, which is asked with every request of theirs: a change holds from the next request on, on every gateway. A
/// change is the row and its audit entry in one transaction. Any number of callers at once.
/// </summary>
internal sealed class OperatorStore(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly string Insert = SqlFile.Read("Accounts/Operators/insert-operator.sql");
    private static readonly string Lock = SqlFile.Read("Accounts/Operators/lock-operator.sql");
    private static readonly string List = SqlFile.Read("Accounts/Operators/list-operators.sql");
    private static readonly string Rotate = SqlFile.Read("Accounts/Operators/rotate-operator.sql");
    private static readonly string Revoke = SqlFile.Read("Accounts/Operators/revoke-operator.sql");
    private static readonly string Find = SqlFile.Read("Accounts/Operators/find-operator.sql");
    private static readonly string NoteUse = SqlFile.Read("Accounts/Operators/note-use.sql");

    /// <summary>Null: no token that works.</summary>
    public async Task<OperatorIdentity?> FindAsync(SecretHash hash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await database.QuerySingleOrDefaultAsync<FoundOperator>(Find, new { hash = hash.ToBytes(), now }, cancellationToken)
            is not { } found)
        {
            return null;
        }

        if (found.IsNews)
        {
            await NoteUseAsync(found.Id, now, cancellationToken);
        }

        return new OperatorIdentity(found.Name, found.MayChange);
    }

    public Task<(IReadOnlyList<OperatorRow> Operators, long Total)> ListAsync(Page page, CancellationToken cancellationToken) =>
        database.QueryPageAsync<OperatorRow>(List, new { limit = page.Limit, offset = page.Offset }, cancellationToken);

    /// <summary>The operator and its token, which nothing can show again; null: the name is taken.</summary>
    public async Task<(OperatorRow Row, string Token)?> CreateAsync(
        NewOperator wanted, Caller caller, CancellationToken cancellationToken)
    {
        var token = OperatorSecret.Create();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var made = await connection.QuerySingleOrDefaultAsync<OperatorRow>(new CommandDefinition(
            Insert,
            new
            {
                name = wanted.Name,
                access = wanted.Access,
                prefix = token.Visible,
                hash = token.Hash.ToBytes(),
                expiresAt = wanted.ExpiresAt,
            },
            transaction, cancellationToken: cancellationToken));
        if (made is null)
        {
            return null;
        }

        await WriteAuditAsync(transaction, caller, "operator.created", null, made, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (made, token.Text);
    }

    /// <summary>A new token for an operator.</summary>
    public async Task<TokenRotation> RotateAsync(long id, TokenLife life, Caller caller, CancellationToken cancellationToken)
    {
        var token = OperatorSecret.Create();
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(transaction, id, cancellationToken) is not { } before)
        {
            return new TokenRotation(TokenRotationStatus.NotFound, null, null);
        }

        if (before.RevokedAt is not null)
        {
            return new TokenRotation(TokenRotationStatus.Revoked, before, null);
        }

        if (life.Prefix is { } prefix && prefix != before.Prefix)
        {
            return new TokenRotation(TokenRotationStatus.RotatedBefore, before, null);
        }

        var after = before with
        {
            Prefix = token.Visible,
            ExpiresAt = life.KeepsExpiry ? before.ExpiresAt : life.ExpiresAt,
            PreviousTokenUntil = before.StatusAt(now) == OperatorRow.Active ? EndOfPrevious(before, life, now) : null,
        };
        if (after.StatusAt(now) != OperatorRow.Active)
        {
            return new TokenRotation(TokenRotationStatus.Expired, before, null);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            Rotate,
            new
            {
                id,
                hash = token.Hash.ToBytes(),
                prefix = after.Prefix,
                expiresAt = after.ExpiresAt,
                previousTokenUntil = after.PreviousTokenUntil,
            },
            transaction, cancellationToken: cancellationToken));
        await WriteAuditAsync(transaction, caller, "operator.rotated", before, after, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new TokenRotation(TokenRotationStatus.Done, after, token.Text);
    }

    /// <summary>A new end is the new token's: the token before keeps its own, and one that has ended stays so.</summary>
    private static DateTimeOffset? EndOfPrevious(OperatorRow before, TokenLife life, DateTimeOffset now) =>
        life.Overlap <= TimeSpan.Zero ? null
        : before.ExpiresAt is { } end && end < now + life.Overlap ? end
        : now + life.Overlap;

    /// <summary>False: there is none. One that is revoked stays so, and leaves no second trace.</summary>
    public async Task<bool> RevokeAsync(long id, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(transaction, id, cancellationToken) is not { } before)
        {
            return false;
        }

        if (before.RevokedAt is null)
        {
            var now = time.GetUtcNow();
            await connection.ExecuteAsync(
                new CommandDefinition(Revoke, new { id, now }, transaction, cancellationToken: cancellationToken));
            await WriteAuditAsync(
                transaction, caller, "operator.revoked", before, before with { RevokedAt = now, PreviousTokenUntil = null },
                cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>A database that takes no writes lets an operator look all the same; the use is written down once it does.</summary>
    private async Task NoteUseAsync(long id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await database.ExecuteAsync(NoteUse, new { id, now }, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            // It says so in /readyz.
        }
    }

    private static Task<OperatorRow?> LockAsync(NpgsqlTransaction transaction, long id, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<OperatorRow>(
            new CommandDefinition(Lock, new { id }, transaction, cancellationToken: cancellationToken));

    private Task WriteAuditAsync(
        NpgsqlTransaction transaction, Caller caller, string action, OperatorRow? before, OperatorRow after,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var target = string.Create(CultureInfo.InvariantCulture, $"operator:{after.Id}");
        return AuditTrail.WriteAsync(
            transaction,
            new AuditEntry(caller.Actor, action, target, before is null ? null : OperatorView.Of(before, now), OperatorView.Of(after, now)),
            cancellationToken);
    }

    private sealed record FoundOperator(long Id, string Name, bool MayChange, bool IsNews);
}
