using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Notices;

internal enum WebhookPutStatus
{
    Done,

    /// <summary>What the caller was let in by has ended since.</summary>
    CallerEnded,

    /// <summary>The webhook is not the one any more that the request means.</summary>
    ChangedSince,
}

/// <summary>The row is there exactly when it is done.</summary>
internal readonly record struct WebhookPut(WebhookPutStatus Status, WebhookRow? Row, bool IsNewSecret);

/// <summary>Where accounts want their notices, in PostgreSQL. Each change is the row and its audit entry in one transaction.</summary>
internal sealed class WebhookStore(NpgsqlDataSource database)
{
    private static readonly string Get = SqlFile.Read("Accounts/Notices/get-webhook.sql");
    private static readonly string Put = SqlFile.Read("Accounts/Notices/put-webhook.sql");
    private static readonly string Change = SqlFile.Read("Accounts/Notices/change-webhook.sql");
    private static readonly string Delete = SqlFile.Read("Accounts/Notices/delete-webhook.sql");

    public Task<WebhookRow?> FindAsync(long accountId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<WebhookRow>(Get, new { accountId }, cancellationToken);

    /// <summary>
    /// For an account that exists. A webhook keeps its nonce unless <paramref name="nonce"/> replaces it; a first one needs it.
    /// </summary>
    public async Task<WebhookPut> PutAsync(
        long accountId, WebhookRequest request, byte[] nonce, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await StandingCaller.HoldAsync(transaction, caller, cancellationToken))
        {
            return new WebhookPut(WebhookPutStatus.CallerEnded, null, false);
        }

        var before = await connection.QuerySingleOrDefaultAsync<WebhookRow>(
            new CommandDefinition(Get, new { accountId }, transaction, cancellationToken: cancellationToken));
        var parameters = new
        {
            accountId,
            url = request.Url,
            nonce,
            replacesNonce = request.RotateSecret,
            changedAt = request.UpdatedAt,
        };
        var statement = request.UpdatedAt is null ? Put : Change;
        if (await connection.QuerySingleOrDefaultAsync<WebhookRow>(
            new CommandDefinition(statement, parameters, transaction, cancellationToken: cancellationToken)) is not { } after)
        {
            return new WebhookPut(WebhookPutStatus.ChangedSince, null, false);
        }

        await WriteAuditAsync(transaction, caller, "webhook.set", accountId, before, after, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new WebhookPut(WebhookPutStatus.Done, after, after.Nonce.AsSpan().SequenceEqual(nonce));
    }

    /// <summary>False: there was none.</summary>
    public async Task<bool> DeleteAsync(long accountId, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var isRemoved = await RemoveAsync(transaction, accountId, caller, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return isRemoved;
    }

    /// <summary>The same in the transaction of what ends it.</summary>
    public static async Task<bool> RemoveAsync(
        NpgsqlTransaction transaction, long accountId, Caller caller, CancellationToken cancellationToken)
    {
        var removed = await transaction.Connection!.QuerySingleOrDefaultAsync<WebhookRow>(
            new CommandDefinition(Delete, new { accountId }, transaction, cancellationToken: cancellationToken));
        if (removed is null)
        {
            return false;
        }

        await WriteAuditAsync(transaction, caller, "webhook.removed", accountId, removed, null, cancellationToken);
        return true;
    }

    private static Task WriteAuditAsync(
        NpgsqlTransaction transaction, Caller caller, string action, long accountId, WebhookRow? before, WebhookRow? after,
        CancellationToken cancellationToken) =>
        AuditTrail.WriteAsync(
            transaction, new AuditEntry(caller.Actor, action, $"account:{accountId}", View(before), View(after)), cancellationToken);

    private static WebhookView? View(WebhookRow? row) => row is null ? null : WebhookView.Of(row, null);
}
