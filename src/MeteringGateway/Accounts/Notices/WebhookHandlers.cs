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

        var put = await webhooks.PutAsync(accountId, request, WebhookSecret.NewNonce(), Caller.Of(context), context.RequestAborted);
        if (put.Row is not { } row)
        {
            return put.Status == WebhookPutStatus.CallerEnded ? Problem.InvalidKey : ChangedSince;
        }

        var secret = put.IsNewSecret ? await secrets.OfAsync(accountId, row.Nonce, CancellationToken.None) : null;
        return WireJson.Ok(WebhookView.Of(row, secret));
    }

    public async Task<Results<Ok<WebhookView>, Problem>> GetAsync(long accountId, HttpContext context) =>
        await webhooks.FindAsync(accountId, context.RequestAborted) is { } row ? WireJson.Ok(WebhookView.Of(row, null)) : None(accountId);

    public async Task<Results<NoContent, Problem>> DeleteAsync(long accountId, HttpContext context) =>
        await webhooks.DeleteAsync(accountId, Caller.Of(context), context.RequestAborted) ? TypedResults.NoContent() : None(accountId);

    private static Problem ChangedSince { get; } = Problem.Of(
        ErrorCode.Conflict,
        "The webhook has been changed since: this request was sent before, or somebody else was faster. It stays as it is now, and a "
            + "secret is shown once.");

    private static Problem None(long accountId) => Problem.Of(ErrorCode.NotFound, $"Account {accountId} has no webhook.");
}
