using Dapper;
using MeteringGateway.Audit;
using MeteringGateway.Authentication;
using MeteringGateway.Orders;
using MeteringGateway.Storage;
using Npgsql;

namespace MeteringGateway.AutoRecharge;

/// <summary>The settings, and the claim that makes sure that a low balance buys once.</summary>
internal sealed class AutoRechargeStore(NpgsqlDataSource books, OrderStore orders, PurchaseFlow purchases, TimeProvider time)
{
    public static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromHours(1);

    private static readonly string Get = SqlFile.Read("AutoRecharge/get-auto-recharge.sql");
    private static readonly string Put = SqlFile.Read("AutoRecharge/put-auto-recharge.sql");
    private static readonly string ListLow = SqlFile.Read("AutoRecharge/list-low-balances.sql");
    private static readonly string Lock = SqlFile.Read("AutoRecharge/lock-auto-recharge.sql");
    private static readonly string IsDue = SqlFile.Read("AutoRecharge/is-recharge-due.sql");
    private static readonly string Pause = SqlFile.Read("AutoRecharge/pause-auto-recharge.sql");

    public async Task<AutoRechargeSettings> GetAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<AutoRechargeSettings?>(
            new CommandDefinition(Get, new { accountId }, cancellationToken: cancellationToken)) ?? new AutoRechargeSettings();
    }

    /// <summary>A change ends a pause: the card may be another one now.</summary>
    public async Task<AutoRechargeSettings> PutAsync(long accountId, AutoRechargeSettings settings, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await connection.QuerySingleOrDefaultAsync<AutoRechargeSettings?>(
            new CommandDefinition(Get, new { accountId }, transaction, cancellationToken: cancellationToken));
        var parameters = new { accountId, enabled = settings.Enabled, threshold = settings.Threshold, amountCents = settings.AmountCents, now = time.GetUtcNow() };
        var after = await connection.QuerySingleAsync<AutoRechargeSettings>(new CommandDefinition(Put, parameters, transaction, cancellationToken: cancellationToken));
        await AuditTrail.WriteAsync(transaction, new AuditEntry(caller.Actor, "auto_recharge.changed", $"account:{accountId}", before, after), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after;
    }

    /// <summary>The accounts that look as if they should buy; <see cref="ClaimAsync"/> knows.</summary>
    public async Task<IReadOnlyList<long>> ListLowAsync(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(ListLow, new { now = time.GetUtcNow(), limit }, cancellationToken: cancellationToken))];
    }

    /// <summary>The order that a low balance calls for, or null: somebody else has it, or the last one's credits are not in the books yet.</summary>
    public async Task<OrderRow?> ClaimAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var settings = await connection.QuerySingleOrDefaultAsync<AutoRechargeSettings?>(
            new CommandDefinition(Lock, new { accountId }, transaction, cancellationToken: cancellationToken));

        var now = time.GetUtcNow();
        var due = new { accountId, now, refusedAfter = now - PauseAfterRefusal };

        // A statement of its own, after the lock: it sees what the one who had the lock before has done.
        if (settings is null
            || !await connection.QuerySingleAsync<bool>(new CommandDefinition(IsDue, due, transaction, cancellationToken: cancellationToken))
            || purchases.TopUpOf(accountId, settings.AmountCents, OrderKind.AutoRecharge, "Auto-recharge", default) is not { } order)
        {
            return null;
        }

        var made = await orders.InsertAsync(connection, transaction, order, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return made;
    }

    public async Task PauseAsync(long accountId, string? refusal, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            Pause, new { accountId, until = time.GetUtcNow() + PauseAfterRefusal, refusal }, cancellationToken: cancellationToken));
    }
}
