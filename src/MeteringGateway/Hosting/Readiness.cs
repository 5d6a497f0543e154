using MeteringGateway.Calls.Providers.Health;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Engine.Recovery;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Hosting;

/// <summary>
/// Should this gateway get calls? Not where it would refuse all of them. What another gateway would do no better,
/// like a provider that is down for everybody, takes none out: it is told as degraded.
/// </summary>
internal sealed class Readiness(
    PartitionSupervisor recovery, Partitions partitions, RedisConnection redis, WriteProbe probe, ProviderHealth providers,
    LedgerMetrics backlog, IOptions<LedgerOptions> ledger,
    SurfaceSource surfaces, NpgsqlDataSource database, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly string s_takesNoWrites = SqlFile.Read("Hosting/takes-no-writes.sql");

    public async Task<ReadinessState> LookAsync(CancellationToken cancellationToken)
    {
        var unserved = providers.Unserved();
        List<string> closed = [.. Closed(unserved)];
        if (await RedisAsync() is { } silent)
        {
            closed.Add($"redis: {silent}");
        }

        List<string> reasons =
            [.. closed, .. unserved.Select(surface => $"providers: the surface '{surface.Surface}' has {surface.Reason}")];
        if (await PostgresAsync(cancellationToken) is { } away)
        {
            reasons.Add($"postgres: {away}");
        }

        return new ReadinessState(
            closed.Count > 0 ? ReadinessState.NotReady : reasons.Count > 0 ? ReadinessState.Degraded : ReadinessState.Ready,
            reasons, unserved);
    }

    /// <summary>Why no call at all would be answered, but for Redis.</summary>
    private IEnumerable<string> Closed(IReadOnlyList<UnservedSurface> unserved)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            yield return "gateway: it is stopping";
        }

        if (backlog.FullestBacklog >= ledger.Value.MaxBacklog)
        {
            yield return "ledger: the backlog of a partition is full";
        }

        if (unserved.Count == surfaces.Current.Slugs.Length)
        {
            yield return "providers: no surface can be served";
        }
    }

    private async Task<string?> RedisAsync() =>
        recovery.Fault is { } fault ? fault
        : !partitions.AreServed(redis.ConnectionNumber) ? "its partitions are being looked at"
        : await probe.AskAsync();

    /// <summary>
    /// Its client, when told to give up, first tells the server so, and waits for one that stands still: a probe can't wait with it.
    /// </summary>
    private async Task<string?> PostgresAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await TakesNoWritesAsync(cancellationToken).WaitAsync(s_patience, time, cancellationToken)
                ? "it takes no writes"
                : null;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return "no answer in time";
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            return e.Message;
        }
    }

    private async Task<bool> TakesNoWritesAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(either.Token);
        await using var command = new NpgsqlCommand(s_takesNoWrites, connection);
        return await command.ExecuteScalarAsync(either.Token) is true;
    }
}

/// <param name="Status"><c>ready</c>, <c>degraded</c> or <c>not ready</c>.</param>
/// <param name="Reasons">Empty when all is well.</param>
/// <param name="Surfaces">The surfaces that no provider can serve now.</param>
internal sealed record ReadinessState(string Status, IReadOnlyList<string> Reasons, IReadOnlyList<UnservedSurface> Surfaces)
{
    public const string Ready = "ready";
    public const string Degraded = "degraded";
    public const string NotReady = "not ready";
}
