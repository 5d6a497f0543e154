using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.LedgerOperations;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Reading;
using Microsoft.AspNetCore.Http.Metadata;

namespace MeteringGateway.Dialects.Billing;

/// <summary>
/// <c>/admin/credits/*</c> is in the contract and in the Billing API, with different shapes. Their answers don't clash, so each gets the
/// other's members: <c>success</c> and <c>data</c> in front, the contract's own behind them.
/// </summary>
internal static class BillingMembers
{
    public static RouteGroupBuilder WithBillingMembers(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static async (call, next) => Chosen(await next(call)) switch
        {
            IValueHttpResult { Value: TransactionsAnswer answer } => WireJson.Ok(new OperatorTransactions(
                true, [.. answer.Transactions.Select(Data)], answer.Transactions, answer.Total, answer.Limit, answer.Offset)),
            IValueHttpResult { Value: ManualCreditView view } result => Results.Json(
                new OperatorCredit(
                    true, Data(view), view.Id, view.EntryId, view.AccountId, view.Amount, view.Type, view.Description,
                    view.Reference, view.Status, view.CreditBalance, view.CreatedAt),
                WireJson.Options,
                statusCode: (result as IStatusCodeHttpResult)?.StatusCode),
            var other => other,
        });
        ((IEndpointConventionBuilder)group).Finally(static endpoint =>
        {
            Redescribe<TransactionsAnswer, OperatorTransactions>(endpoint.Metadata);
            Redescribe<ManualCreditView, OperatorCredit>(endpoint.Metadata);
        });
        return group;
    }

    /// <summary>What a handler has chosen among the outcomes that its type lists.</summary>
    private static object? Chosen(object? answer) => answer is INestedHttpResult { Result: var one } ? one : answer;

    /// <summary>The answer shows a type under both of its names, so either finds it.</summary>
    public static (TypeFilter? Types, string? Fault) TypeNames(string shown)
    {
        var (types, fault) = EntryNames.ShownAs(shown, static name => name.Billing);
        return types is null || types.Credits.Contains(shown)
            ? (types, fault)
            : (types with { Credits = [.. types.Credits, shown], Debits = [.. types.Debits, shown] }, fault);
    }

    /// <summary>So that the OpenAPI document shows what goes out.</summary>
    private static void Redescribe<TInner, TOuter>(IList<object> metadata)
    {
        for (var i = 0; i < metadata.Count; i++)
        {
            if (metadata[i] is IProducesResponseTypeMetadata described && described.Type == typeof(TInner))
            {
                metadata[i] = new ProducesResponseTypeMetadata(described.StatusCode, typeof(TOuter), [.. described.ContentTypes]);
            }
        }
    }

    private static OperatorTransaction Data(TransactionAnswer entry) => new(
        entry.Id, EntryNames.Of(entry.Type, entry.Amount).Billing, entry.Amount, entry.Description ?? "",
        WireMoment.Seconds(entry.OccurredAt), entry.AccountId, entry.BalanceAfter);

    private static OperatorTransaction Data(ManualCreditView view) => new(
        view.EntryId, EntryNames.Of(view.Type, view.Amount).Billing, view.Amount, view.Description, WireMoment.Seconds(view.CreatedAt),
        view.AccountId, view.CreditBalance);
}

/// <summary>A transaction as an account sees it, and whose it is.</summary>
internal sealed record OperatorTransaction(
    string Id, string Type, long Amount, string Description, string CreatedAt, long AccountId, long? BalanceAfter);

internal sealed record OperatorTransactions(
    bool Success, IReadOnlyList<OperatorTransaction> Data, IReadOnlyList<TransactionAnswer> Transactions,
    long Total, int Limit, long Offset);

internal sealed record OperatorCredit(
    bool Success,
    OperatorTransaction Data,
    long Id,
    string EntryId,
    long AccountId,
    long Amount,
    string Type,
    string Description,
    string? Reference,
    string Status,
    long? CreditBalance,
    DateTimeOffset CreatedAt);
