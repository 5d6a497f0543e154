using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.Overview;

/// <summary><c>GET /api/me/overview</c>: an account at a glance, for pages that are looked at all the time.</summary>
internal static class OverviewEndpoint
{
    public static IEndpointRouteBuilder MapMyOverview(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/me").RequireSession().MapGet("/overview", GetAsync);
        return app;
    }

    private static async Task<Ok<OverviewAnswer>> GetAsync(HttpContext context, OverviewReader reader) =>
        WireJson.Ok(await reader.ReadAsync(AccountIdentity.Of(context).WalletAccountId, context.RequestAborted));
}
