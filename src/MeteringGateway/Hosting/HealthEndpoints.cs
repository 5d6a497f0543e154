using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Hosting;

/// <summary>What an orchestrator asks: is the process alive, and should it get calls.</summary>
internal static class HealthEndpoints
{
    /// <summary>Load balancers probe with HEAD as often as with GET.</summary>
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/healthz", s_methods, Alive).WithSummary("200 while the process answers.");
        // Another shape than every refusal's, so that the type of the result can't say its status.
        endpoints.MapMethods("/readyz", s_methods, ReadyAsync).Produces<ReadinessState>(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("200 while calls can be served, 'degraded' where some surfaces can't or PostgreSQL is away; 503 where none can: "
                + "Redis is away, a backlog is full, no surface has a provider, or the gateway stops.");
    }

    private static Ok<Health> Alive() => TypedResults.Ok(new Health("ok", []));

    private static async Task<Results<Ok<ReadinessState>, JsonHttpResult<ReadinessState>>> ReadyAsync(
        Readiness readiness, CancellationToken cancellationToken)
    {
        var state = await readiness.LookAsync(cancellationToken);
        return state.Status == ReadinessState.NotReady
            ? TypedResults.Json(state, statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Ok(state);
    }
}

/// <summary>The state of the process; <paramref name="Reasons"/> is empty when all is well.</summary>
internal sealed record Health(string Status, IReadOnlyList<string> Reasons);
