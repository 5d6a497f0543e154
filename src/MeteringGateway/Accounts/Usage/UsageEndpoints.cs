using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.Usage;

/// <summary><c>GET /api/me/usage</c> and <c>GET /admin/usage</c>: what was used and what was refused, by hour or day.</summary>
internal static class UsageEndpoints
{
    public static IEndpointRouteBuilder MapMyUsage(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/me").RequireAccount().MapGet("/usage", GetMineAsync);
        return app;
    }

    /// <summary>For operators: of one account, or of all together.</summary>
    public static IEndpointRouteBuilder MapUsage(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/usage", GetAsync);
        return admin;
    }

    private static async Task<Results<Ok<UsageAnswer>, Problem>> GetMineAsync(HttpContext context, UsageReader usage, TimeProvider time)
    {
        var identity = AccountIdentity.Of(context);
        var fields = new QueryFields(context.Request.Query);
        var query = UsageRequest.Read(fields, identity.WalletAccountId, time.GetUtcNow());
        if (fields.Problem is { } problem)
        {
            return problem;
        }

        // Calls of test keys are in no ledger, and a test key sees nothing of the wallet.
        return identity.IsTest
            ? WireJson.Ok(UsageAnswer.Of(query, new UsageReport([], [], time.GetUtcNow(), IsCut: false)))
            : await AnswerAsync(fields, query, usage, context.RequestAborted);
    }

    private static async Task<Results<Ok<UsageAnswer>, Problem>> GetAsync(
        HttpRequest request, UsageReader usage, TimeProvider time, CancellationToken cancellationToken)
    {
        var fields = new QueryFields(request.Query);
        var account = fields.Whole("account_id", 1, long.MaxValue, "must be an account's number");
        var query = UsageRequest.Read(fields, account, time.GetUtcNow());
        if (query is { KeyId: not null, AccountId: null })
        {
            fields.Refuse("key_id", "needs account_id: usage of all accounts is told apart by surface and provider only");
        }

        return fields.Problem is { } problem ? problem : await AnswerAsync(fields, query, usage, cancellationToken);
    }

    private static async Task<Results<Ok<UsageAnswer>, Problem>> AnswerAsync(
        QueryFields fields, UsageQuery query, UsageReader usage, CancellationToken cancellationToken)
    {
        var report = await usage.ReadAsync(query, cancellationToken, UsageRequest.MostRows);
        if (report.IsCut)
        {
            UsageRequest.RefuseLength(fields);
            return fields.Problem!;
        }

        return WireJson.Ok(UsageAnswer.Of(query, report));
    }
}
