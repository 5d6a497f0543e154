using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Payments.Customers;

/// <summary>Who an account is at each payment provider. Any number of callers at once.</summary>
internal sealed class PaymentCustomers(NpgsqlDataSource database)
{
    private static readonly string Find = SqlFile.Read("Sales/Payments/Customers/find-customer.sql");
    private static readonly string FindAccount = SqlFile.Read("Sales/Payments/Customers/find-account-of-customer.sql");
    private static readonly string Keep = SqlFile.Read("Sales/Payments/Customers/keep-customer.sql");
    private static readonly string Replace = SqlFile.Read("Sales/Payments/Customers/replace-customer.sql");
    private static readonly string FindEmail = SqlFile.Read("Sales/Payments/Customers/find-email.sql");

    /// <summary>The provider's id of the account; null: none yet.</summary>
    public Task<string?> FindAsync(long accountId, string channel, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<string?>(Find, new { accountId, channel }, cancellationToken);

    /// <summary>Null: the customer is none of ours.</summary>
    public static Task<long?> FindAccountAsync(
        NpgsqlTransaction transaction, string channel, string customerId, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<long?>(
            new CommandDefinition(FindAccount, new { channel, customerId }, transaction, cancellationToken: cancellationToken));

    /// <summary>
    /// The customer that the account has then: of two that are made at once the first stays. A customer that is another account's is not
    /// taken, and the account stays without.
    /// </summary>
    public Task<string?> KeepAsync(long accountId, string channel, string customerId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<string?>(Keep, new { accountId, channel, customerId }, cancellationToken);

    /// <summary>Likewise, in the caller's transaction.</summary>
    public static Task KeepAsync(
        NpgsqlTransaction transaction, long accountId, string channel, string customerId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(Keep, new { accountId, channel, customerId }, transaction, cancellationToken: cancellationToken));

    /// <summary>The customer that the account has then: the new one, unless another was kept meanwhile.</summary>
    public Task<string?> ReplaceAsync(
        long accountId, string channel, string goneId, string customerId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<string?>(Replace, new { accountId, channel, goneId, customerId }, cancellationToken);

    /// <summary>Where the provider may send receipts to; null: there is no such account.</summary>
    public Task<string?> FindEmailAsync(long accountId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<string?>(FindEmail, new { accountId }, cancellationToken);
}
