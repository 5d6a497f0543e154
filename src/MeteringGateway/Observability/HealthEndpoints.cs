using MeteringGateway.Credits;
using MeteringGateway.Fallback;
using MeteringGateway.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace MeteringGateway.Observability;

/// <summary>What an orchestrator asks: is the process alive, and should it get calls.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly string s_takesNoWrites = SqlFile.Read("Observability/takes-no-writes.sql");

    /// <summary>Load balancers probe with HEAD as often as with GET.</summary>
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/healthz", s_methods, Alive).WithSummary("200 while the process answers.");
        endpoints.MapMethods("/readyz", s_methods, ReadyAsync).WithSummary("200 when Redis and PostgreSQL take writes and a provider of every surface is there; else 503 with the reasons.");
    }

    private static Ok<Health> Alive() => TypedResults.Ok(new Health("ok", []));

    private static async Task<Results<Ok<Health>, JsonHttpResult<Health>>> ReadyAsync(
        Recovery recovery, Partitions partitions, RedisConnection redis, WriteProbe probe, ProviderHealth providers, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        if (recovery.Fault is { } fault)
        {
            reasons.Add($"redis: {fault}");
        }
        else if (!partitions.AreServed(redis.Generation))
        {
            reasons.Add("redis: its partitions are being looked at");
        }
        else if (await probe.AskAsync() is { } refusal)
        {
            reasons.Add($"redis: {refusal}");
        }

        if (await AskAsync(database, time, cancellationToken) is { } away)
        {
            reasons.Add($"postgres: {away}");
        }

        reasons.AddRange(providers.SurfacesWithoutProvider().Select(surface => $"providers: no healthy provider for the surface '{surface}'"));
        return reasons.Count == 0
            ? TypedResults.Ok(new Health("ready", []))
            : TypedResults.Json(new Health("not ready", reasons), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<string?> AskAsync(NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await using var connection = await database.OpenConnectionAsync(either.Token);
            await using var command = new NpgsqlCommand(s_takesNoWrites, connection);
            return await command.ExecuteScalarAsync(either.Token) is true ? "it takes no writes" : null;
        }
        catch (Exception e) when (RetryLoop.IsAway(e) || e is OperationCanceledException)
        {
            return patience.IsCancellationRequested ? "no answer in time" : e.Message;
        }
    }
}

/// <summary>The state of the gateway; <paramref name="Reasons"/> is empty when all is well.</summary>
internal sealed record Health(string Status, IReadOnlyList<string> Reasons);
