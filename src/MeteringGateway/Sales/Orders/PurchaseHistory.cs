using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Orders;

/// <summary>One purchase as the dialects show it. <see cref="ExternalReference"/> is also the purchase's entry in the ledger.</summary>
internal sealed record Purchase(
    long Id, string ExternalReference, string Kind, string? PackageSlug, string? PackageName, long Credits,
    long PriceCents, string Currency,
    string Status, string Description, string Channel, string? PaymentUrl, string? Refusal, long? BalanceAfter,
    DateTimeOffset CreatedAt, DateTimeOffset? SettledAt)
{
    public static Purchase Of(OrderRow row) => new(
        row.Id, row.Reference, row.Kind, row.PackageSlug, row.PackageName, row.Credits, row.PriceCents, row.Currency,
        row.Status, row.Description, row.Channel, row.Status == OrderStatus.Pending ? row.PaymentUrl : null, row.Refusal,
        row.BalanceAfter, row.CreatedAt, row.SettledAt);
}

/// <summary>What an account has bought, newest first.</summary>
internal sealed class PurchaseHistory(NpgsqlDataSource database, OrderStore orders)
{
    private static readonly string List = SqlFile.Read("Sales/Orders/list-orders.sql");
    private static readonly string Sum = SqlFile.Read("Sales/Orders/sum-purchased.sql");

    /// <param name="accountId">Whose.</param>
    /// <param name="status">Only these; null for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="offset">After so many.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<(IReadOnlyList<Purchase> Purchases, long Total)> ListAsync(
        long accountId, string? status, int limit, long offset, CancellationToken cancellationToken)
    {
        var (rows, total) = await database.QueryPageAsync<OrderRow>(List, new { accountId, status, limit, offset }, cancellationToken);
        return ([.. rows.Select(Purchase.Of)], total);
    }

    /// <summary>Null: no such order, or another account's.</summary>
    public async Task<Purchase?> FindAsync(long accountId, long id, CancellationToken cancellationToken) =>
        await orders.FindAsync(id, accountId, cancellationToken) is { } order ? Purchase.Of(order) : null;

    /// <summary>All credits ever bought and received; gifts are not among them.</summary>
    public Task<long> PurchasedCreditsAsync(long accountId, CancellationToken cancellationToken) =>
        database.QuerySingleAsync<long>(Sum, new { accountId }, cancellationToken);
}
