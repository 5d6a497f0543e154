using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using Npgsql;

namespace MeteringGateway.Sales.AutoRecharge;

/// <summary>What the customer sets, and where it stands. Any number of callers at once; a change is made under the row's lock.</summary>
internal sealed class AutoRechargeStore(NpgsqlDataSource database, PaymentChannels channels, TimeProvider time)
{
    public static readonly TimeSpan PauseAfterAttempt = TimeSpan.FromHours(1);

    private static readonly string Get = SqlFile.Read("Sales/AutoRecharge/get-auto-recharge.sql");
    private static readonly string Open = SqlFile.Read("Sales/AutoRecharge/open-auto-recharge.sql");
    private static readonly string Change = SqlFile.Read("Sales/AutoRecharge/change-auto-recharge.sql");
    private static readonly string ReadState = SqlFile.Read("Sales/AutoRecharge/read-recharge-state.sql");

    /// <summary>The first moment of the month in UTC, by which the cap counts.</summary>
    public static DateTimeOffset MonthOf(DateTimeOffset now) => new(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task<AutoRechargeSettings> GetAsync(long accountId, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<AutoRechargeSettings?>(Get, new { accountId }, cancellationToken)
        ?? new AutoRechargeSettings();

    public async Task<AutoRechargeState> StateAsync(long accountId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var answer = await connection.QueryMultipleAsync(new CommandDefinition(
            ReadState, new { accountId, monthStart = MonthOf(now), againFrom = now - PauseAfterAttempt },
            cancellationToken: cancellationToken));
        return new AutoRechargeState(
            await answer.ReadSingleOrDefaultAsync<AutoRechargeSettings?>() ?? new AutoRechargeSettings(),
            LastAttempt: await answer.ReadSingleOrDefaultAsync<OrderRow?>(),
            SpentCents: await answer.ReadSingleAsync<long>(),
            FiredAt: (await answer.ReadSingleOrDefaultAsync<RunningFall?>())?.FiredAt,
            CanPay: channels.Find(channels.Default) is not null);
    }

    /// <param name="accountId">Whose.</param>
    /// <param name="change">Makes the new settings of those that are there now, or null to refuse. Runs under the lock.</param>
    /// <param name="caller">For the audit trail.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>False: refused, and nothing is changed.</returns>
    public async Task<bool> ChangeAsync(
        long accountId, Func<AutoRechargeSettings, AutoRechargeSettings?> change, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (now, none) = (time.GetUtcNow(), new AutoRechargeSettings());
        var before = await connection.QuerySingleAsync<AutoRechargeSettings>(new CommandDefinition(
            Open, new { accountId, threshold = none.Threshold, amountCents = none.AmountCents, now }, transaction,
            cancellationToken: cancellationToken));
        if (change(before) is not { } wanted)
        {
            return false;
        }

        // What says the same again is no change: sent in a loop it would end every pause.
        if (wanted != before)
        {
            var parameters = new
            {
                accountId,
                enabled = wanted.Enabled,
                threshold = wanted.Threshold,
                amountCents = wanted.AmountCents,
                monthlyCapCents = wanted.MonthlyCapCents,
                now,
            };
            var after = await connection.QuerySingleAsync<AutoRechargeSettings>(
                new CommandDefinition(Change, parameters, transaction, cancellationToken: cancellationToken));
            await AuditTrail.WriteAsync(
                transaction, new AuditEntry(caller.Actor, "auto_recharge.changed", $"account:{accountId}", before, after),
                cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private sealed record RunningFall
    {
        public DateTimeOffset FiredAt { get; init; }
    }
}
