using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Payments.Customers;

/// <summary>
/// What accounts have on file. The first method of an account is its default; where the default goes, the newest that is left takes its
/// place. Any number of callers at once: changes of one account's methods come one after the other.
/// </summary>
internal sealed class PaymentMethods(NpgsqlDataSource database)
{
    private static readonly string LockAccount = SqlFile.Read("Sales/Payments/Customers/lock-account.sql");
    private static readonly string List = SqlFile.Read("Sales/Payments/Customers/list-methods.sql");
    private static readonly string Save = SqlFile.Read("Sales/Payments/Customers/save-method.sql");
    private static readonly string Get = SqlFile.Read("Sales/Payments/Customers/get-method.sql");
    private static readonly string MakeDefault = SqlFile.Read("Sales/Payments/Customers/make-default.sql");
    private static readonly string Delete = SqlFile.Read("Sales/Payments/Customers/delete-method.sql");

    /// <summary>The default first, then the newest.</summary>
    public Task<IReadOnlyList<PaymentMethodRow>> ListAsync(long accountId, CancellationToken cancellationToken) =>
        database.QueryAsync<PaymentMethodRow>(List, new { accountId }, cancellationToken);

    /// <summary>What a charge on the channel goes to: the default where it is of the channel, else the newest. Null: none.</summary>
    public async Task<PaymentMethodRow?> FindForChargeAsync(long accountId, string channel, CancellationToken cancellationToken) =>
        (await ListAsync(accountId, cancellationToken)).FirstOrDefault(method => method.Channel == channel);

    /// <summary>Saves it, or what it shows now.</summary>
    public async Task SaveAsync(long accountId, string channel, MethodFacts facts, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await SaveAsync(transaction, accountId, channel, facts, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Likewise, in the caller's transaction.</summary>
    public static async Task SaveAsync(
        NpgsqlTransaction transaction, long accountId, string channel, MethodFacts facts, CancellationToken cancellationToken)
    {
        await LockAsync(transaction, accountId, cancellationToken);
        var parameters = new
        {
            accountId,
            channel,
            methodId = facts.MethodId,
            brand = facts.Brand,
            last4 = facts.Last4,
            expMonth = facts.ExpMonth,
            expYear = facts.ExpYear,
        };
        await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(Save, parameters, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>The method, which nobody else changes until the transaction ends; null: the account has no such method.</summary>
    public static async Task<PaymentMethodRow?> LockAsync(
        NpgsqlTransaction transaction, long accountId, string methodId, CancellationToken cancellationToken)
    {
        await LockAsync(transaction, accountId, cancellationToken);
        return await transaction.Connection!.QuerySingleOrDefaultAsync<PaymentMethodRow>(new CommandDefinition(
            Get, new { accountId, methodId }, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>False: the account has no such method.</summary>
    public static async Task<bool> MakeDefaultAsync(
        NpgsqlTransaction transaction, long accountId, string methodId, CancellationToken cancellationToken)
    {
        await LockAsync(transaction, accountId, cancellationToken);
        return await transaction.Connection!.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            MakeDefault, new { accountId, methodId }, transaction, cancellationToken: cancellationToken)) is not null;
    }

    /// <summary>Takes it off; one that is not there is gone already.</summary>
    public static async Task DeleteAsync(
        NpgsqlTransaction transaction, long accountId, string channel, string methodId, CancellationToken cancellationToken)
    {
        await LockAsync(transaction, accountId, cancellationToken);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            Delete, new { accountId, channel, methodId }, transaction, cancellationToken: cancellationToken));
    }

    private static async Task LockAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(LockAccount, new { accountId }, transaction, cancellationToken: cancellationToken));
}
