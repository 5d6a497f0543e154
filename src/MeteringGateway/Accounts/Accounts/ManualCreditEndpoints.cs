using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Engine.Movements;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.Accounts;

internal sealed record ManualCreditView(
    long Id, string EntryId, long AccountId, long Amount, string Type, string Description, string? Reference, string Status,
    long? CreditBalance, DateTimeOffset CreatedAt)
{
    public static ManualCreditView Of(ManualCreditRow row) => new(
        row.Id, row.EntryId, row.AccountId, row.Amount, row.Type, row.Description, row.Reference, row.Status,
        row.BalanceAfter, row.CreatedAt);
}

/// <summary>
/// <c>POST /admin/credits/manual</c>: 201 for a credit that was made now, 200 with <c>Idempotent-Replayed</c> for a reference that
/// made it before,
/// 202 for one that is recorded while Redis is away and will be made once. After 202 nothing need be sent again.
/// </summary>
internal static class ManualCreditEndpoints
{
    public static IEndpointRouteBuilder MapManualCredits(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/credits/manual", CreateAsync);
        return admin;
    }

    private static async Task<Results<Ok<ManualCreditView>, Created<ManualCreditView>, Accepted<ManualCreditView>, Problem>> CreateAsync(
        RequestFields fields, HttpContext context, AccountStore accounts, ManualCreditStore store, ManualCreditFlow flow)
    {
        if (ManualCredit.Read(fields) is not { } request)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        if (await accounts.FindAsync(request.AccountId, context.RequestAborted) is null)
        {
            return Problem.Of(ErrorCode.NotFound, $"There is no account {request.AccountId}.");
        }

        var (row, isNew) = await store.OpenAsync(request, Caller.Of(context), context.RequestAborted);
        if (!isNew && !row.IsOf(request))
        {
            return Problem.Of(ErrorCode.IdempotencyMismatch, "The reference belongs to another credit.");
        }

        if (row.Status == PayoutStatus.Refused)
        {
            row = await store.ReopenAsync(row.Id, context.RequestAborted);
        }

        if (row.Status == PayoutStatus.Applied)
        {
            return Replayed(context, row);
        }

        // From here on without the client's token: the credit is recorded and gets finished.
        var outcome = await flow.PayAsync(row, CancellationToken.None);
        return Answer(context, outcome, isNew);
    }

    private static Results<Ok<ManualCreditView>, Created<ManualCreditView>, Accepted<ManualCreditView>, Problem> Answer(
        HttpContext context, PayoutOutcome<ManualCreditRow> outcome, bool isNew) => outcome.Row.Status switch
        {
            PayoutStatus.Applied when outcome.Credit.Status == CreditStatus.Credited => WireJson.Created(ManualCreditView.Of(outcome.Row)),
            PayoutStatus.Applied when isNew => WireJson.Created(ManualCreditView.Of(outcome.Row)),
            PayoutStatus.Applied => Replayed(context, outcome.Row),
            PayoutStatus.Refused => Refusal(outcome),
            _ => WireJson.Accepted(ManualCreditView.Of(outcome.Row)),
        };

    private static Problem Refusal(PayoutOutcome<ManualCreditRow> outcome) => outcome.Credit.Status switch
    {
        CreditStatus.BalanceTooLarge =>
            Problem.InvalidRequest(new FieldError("#/amount", $"would raise the balance above {CreditBounds.Balance}")),
        CreditStatus.UnknownAccount => Problem.Of(ErrorCode.NotFound, $"There is no account {outcome.Row.AccountId}."),
        _ => new Problem
        {
            Code = ErrorCode.InsufficientCredits,
            Detail = "The account has fewer credits than would be taken away; nothing was changed.",
            RequiredCredits = Math.Abs(outcome.Row.Amount),
            RemainingCredits = outcome.Credit.Balance,
        },
    };

    private static Ok<ManualCreditView> Replayed(HttpContext context, ManualCreditRow row)
    {
        context.Response.Headers["Idempotent-Replayed"] = "true";
        return WireJson.Ok(ManualCreditView.Of(row));
    }
}
