using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.Notices;

/// <summary>The calls on an account's webhook, the same for the operator and for the account itself.</summary>
internal sealed class WebhookHandlers(WebhookStore webhooks, WebhookSecret secrets, WebhookTarget target, AccountStore accounts)
{
    public async Task<Results<Ok<WebhookView>, Problem>> PutAsync(long accountId, RequestFields fields, HttpContext context)
    {
        if (await WebhookRequest.ReadAsync(fields, target, context.RequestAborted) is not { } request)
        {
            return Problem.InvalidRequest(fields.Errors);
        }

        if (await accounts.FindAsync(accountId, context.RequestAborted) is null)
        {
            return Problem.Of(ErrorCode.NotFound, $"There is no account {accountId}.");
        }

        var (row, isNewSecret) = await webhooks.PutAsync(
            accountId, request.Url, WebhookSecret.NewNonce(), request.RotateSecret, Caller.Of(context), context.RequestAborted);
        return WireJson.Ok(WebhookView.Of(row, isNewSecret ? await secrets.OfAsync(accountId, row.Nonce, CancellationToken.None) : null));
    }

    public async Task<Results<Ok<WebhookView>, Problem>> GetAsync(long accountId, HttpContext context) =>
        await webhooks.FindAsync(accountId, context.RequestAborted) is { } row ? WireJson.Ok(WebhookView.Of(row, null)) : None(accountId);

    public async Task<Results<NoContent, Problem>> DeleteAsync(long accountId, HttpContext context) =>
        await webhooks.DeleteAsync(accountId, Caller.Of(context), context.RequestAborted) ? TypedResults.NoContent() : None(accountId);

    private static Problem None(long accountId) => Problem.Of(ErrorCode.NotFound, $"Account {accountId} has no webhook.");
}
