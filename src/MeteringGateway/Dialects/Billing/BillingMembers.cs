using System.Text.Json;
using System.Text.Json.Nodes;
using MeteringGateway.Accounts;
using MeteringGateway.Ledger;
using MeteringGateway.Requests;

namespace MeteringGateway.Dialects.Billing;

/// <summary>
/// <c>/admin/credits/*</c> is in the contract and in the Billing API, with different shapes. Their answers don't clash, so each gets the
/// other's members: <c>success</c> and <c>data</c> in front, the contract's own behind them.
/// </summary>
internal static class BillingMembers
{
    public static RouteGroupBuilder WithBillingMembers(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static async (call, next) => await next(call) switch
        {
            IValueHttpResult { Value: TransactionsAnswer answer } result => Joined(answer, answer.Transactions.Select(Data), result),
            IValueHttpResult { Value: ManualCreditView view } result => Joined(view, Data(view), result),
            var other => other,
        });
        return group;
    }

    private static IResult Joined<TAnswer, TData>(TAnswer answer, TData data, IValueHttpResult result)
    {
        var joined = new JsonObject { ["success"] = true, ["data"] = JsonSerializer.SerializeToNode(data, WireJson.Options) };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(answer, WireJson.Options)!.AsObject())
        {
            joined[name] = value?.DeepClone();
        }

        return Results.Json(joined, WireJson.Options, statusCode: (result as IStatusCodeHttpResult)?.StatusCode);
    }

    private static OperatorTransaction Data(TransactionAnswer entry) => new(
        entry.Id, EntryNames.Of(entry.Type, entry.Amount).Billing, entry.Amount, entry.Description ?? "", WireMoment.Seconds(entry.OccurredAt), entry.AccountId, entry.BalanceAfter);

    private static OperatorTransaction Data(ManualCreditView view) => new(
        view.EntryId, EntryNames.Of(view.Type, view.Amount).Billing, view.Amount, view.Description, WireMoment.Seconds(view.CreatedAt), view.AccountId, view.CreditBalance);
}

/// <summary>A transaction as an account sees it, and whose it is.</summary>
internal sealed record OperatorTransaction(string Id, string Type, long Amount, string Description, string CreatedAt, long AccountId, long? BalanceAfter);
