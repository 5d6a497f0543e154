using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Hosting;

/// <summary><c>GET /admin/status</c>: one page about whether the money is right and who waits for what.</summary>
internal static class StatusEndpoint
{
    public static IEndpointRouteBuilder MapStatus(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/status", GetAsync);
        return admin;
    }

    private static async Task<Ok<StatusView>> GetAsync(StatusReader status, CancellationToken cancellationToken) =>
        WireJson.Ok(await status.ReadAsync(cancellationToken));
}
