using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Reversals;

/// <summary>
/// Finds refunds and disputes that no order has followed: one that was told of in the same moment as its payment saw the order without the
/// payment, and the order did not see it. Any number of gateways may do it at once.
/// </summary>
internal sealed class OverdueReversals(
    NpgsqlDataSource database, ReversalBook book, MovementFlow movements, TimeProvider time, ILogger<OverdueReversals> logger)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private const int PageSize = 100;
    private static readonly TimeSpan s_age = TimeSpan.FromDays(30);
    private static readonly string s_list = SqlFile.Read("Sales/Reversals/list-unbooked.sql");

    public Task BookAsync(CancellationToken cancellationToken) => Sweep.RunAsync(
        default(Place),
        after => database.QueryAsync<UnbookedOrder>(
            s_list, new { after = after.OrderId, limit = PageSize, since = time.GetUtcNow() - s_age }, cancellationToken),
        order => new Place(order.Id),
        order => BookAsync(order, cancellationToken),
        logger,
        cancellationToken);

    private async Task BookAsync(UnbookedOrder order, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ReversalBook.LockAsync(transaction, order.Id, cancellationToken);
            await book.BookAsync(transaction, order.Id, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await movements.FinishAllAsync(order.AccountId, cancellationToken);
    }

    private readonly record struct Place(long OrderId);

    private sealed record UnbookedOrder
    {
        public long Id { get; init; }
        public long AccountId { get; init; }
    }
}
