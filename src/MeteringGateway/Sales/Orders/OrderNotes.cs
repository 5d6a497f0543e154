using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Orders;

/// <summary>What comes to be known of an order after its credits, in the transaction of whatever brings it.</summary>
internal static class OrderNotes
{
    private static readonly string s_reversed = SqlFile.Read("Sales/Orders/note-reversed.sql");
    private static readonly string s_balance = SqlFile.Read("Sales/Orders/note-balance.sql");

    /// <summary>How many of its credits refunds and disputes have taken back by now, and whether all of its money is gone.</summary>
    public static Task<int> ReversedAsync(
        NpgsqlTransaction transaction, long orderId, long reversed, bool takenBack, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(s_reversed, new { orderId, reversed, takenBack }, transaction, cancellationToken: cancellationToken));

    /// <summary>The balance that was left once the order had paid what was owed; null: not known.</summary>
    public static Task<int> BalanceAsync(NpgsqlTransaction transaction, long orderId, long? balance, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(s_balance, new { orderId, balance }, transaction, cancellationToken: cancellationToken));
}
