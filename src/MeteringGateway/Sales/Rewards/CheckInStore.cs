using System.Data;
using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Rewards;

/// <summary>Check-ins and what they are worth, in PostgreSQL.</summary>
internal sealed class CheckInStore(NpgsqlDataSource database)
{
    private static readonly string Insert = SqlFile.Read("Sales/Rewards/insert-check-in.sql");
    private static readonly string Get = SqlFile.Read("Sales/Rewards/get-check-in.sql");
    private static readonly string GetConfig = SqlFile.Read("Sales/Rewards/get-checkin-config.sql");
    private static readonly string LockConfig = SqlFile.Read("Sales/Rewards/lock-checkin-config.sql");
    private static readonly string UpdateConfig = SqlFile.Read("Sales/Rewards/update-checkin-config.sql");

    /// <summary>
    /// Null: the person has checked in today or somebody has for the wallet, check-ins are off, or there is no such account.
    /// </summary>
    public Task<RewardRow?> InsertAsync(RewardClaim claim, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<RewardRow>(
            Insert, new { accountId = claim.AccountId, personId = claim.PersonId }, cancellationToken);

    public Task<CheckInDay> TodayAsync(RewardClaim claim, CancellationToken cancellationToken) =>
        database.QuerySingleAsync<CheckInDay>(Get, new { accountId = claim.AccountId, personId = claim.PersonId }, cancellationToken);

    public Task<CheckInConfig> ConfigAsync(CancellationToken cancellationToken) =>
        database.QuerySingleAsync<CheckInConfig>(GetConfig, null, cancellationToken);

    /// <summary>The new configuration; null: <see cref="RequestFields.Errors"/> says why not.</summary>
    public async Task<CheckInConfig?> ChangeConfigAsync(RequestFields fields, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var before = await connection.QuerySingleAsync<CheckInConfig>(
            new CommandDefinition(LockConfig, transaction: transaction, cancellationToken: cancellationToken));
        var after = CheckInConfig.Read(fields, before);
        if (after is null || after == before)
        {
            return after;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            UpdateConfig,
            new { enabled = after.Enabled, amount = after.Amount, streakBonus = after.StreakBonus, maxStreakDays = after.MaxStreakDays },
            transaction,
            cancellationToken: cancellationToken));
        await AuditTrail.WriteAsync(
            transaction, new AuditEntry(caller.Actor, "checkin.configured", "checkin", before, after), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after;
    }
}

/// <summary>Today, in UTC by PostgreSQL's clock. The streak and what follows it are null before the check-in.</summary>
internal sealed record CheckInDay
{
    public DateOnly Day { get; init; }
    public int? Streak { get; init; }
    public long? Credits { get; init; }
    public long? BalanceAfter { get; init; }

    /// <summary>When the next check-in is possible after today's.</summary>
    public DateTimeOffset NextAt { get; init; }
    public bool Enabled { get; init; }
}
