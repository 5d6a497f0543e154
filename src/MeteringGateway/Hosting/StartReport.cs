using System.Globalization;
using System.Net;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Telemetry;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace MeteringGateway.Hosting;

/// <summary>
/// What an operator who reads the log of a start wants to know: which version, on which servers, with what, and how safe. Neither a
/// password nor a user's name is in it.
/// </summary>
internal sealed partial class StartReport(
    IOptions<ConnectionStringOptions> stores, SurfaceSource surfaces, PartitionMap partitions, RedisConnection redis,
    ExportPlan export, IHostApplicationLifetime lifetime, ILogger<StartReport> logger)
{
    /// <summary>Before the first request, when both servers have been looked at.</summary>
    public async Task WriteAsync()
    {
        lifetime.ApplicationStopping.Register(LogStopping);
        LogVersion(GatewayMetrics.BuildVersion, Environment.Version);
        LogStores(RedisHosts(stores.Value.Redis), await DurabilityAsync(), PostgresHost(stores.Value.Postgres), partitions.Count);
        LogRest(
            surfaces.Current.Slugs.Length, surfaces.Current.Providers.Count,
            ExportPlan.Shown(export.Metrics) ?? "nobody", ExportPlan.Shown(export.Traces) ?? "nobody");
    }

    /// <summary>The last line: without it an operator can't tell a stop from a kill.</summary>
    public void WriteStopped() => LogStopped();

    internal static string RedisHosts(string connection) =>
        string.Join(", ", RedisAddress.Parse(connection).EndPoints.Select(place => place is DnsEndPoint name
            ? string.Create(CultureInfo.InvariantCulture, $"{name.Host}:{name.Port}")
            : place.ToString()));

    internal static string PostgresHost(string connection)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection);
        return $"{builder.Host}:{builder.Port}/{builder.Database}";
    }

    /// <summary>What a power cut may cost, in the words of Redis.</summary>
    private async Task<string> DurabilityAsync()
    {
        var reply = await redis.ExecuteAsync("CONFIG", "GET", "appendfsync");
        return reply.Answered && (RedisResult[]?)reply.Result is [_, var value]
            ? $"appendfsync {value}"
            : "appendfsync unknown: it does not answer, or does not tell";
    }

    [LoggerMessage(LogLevel.Information, "Metering gateway {Version} on .NET {Runtime}")]
    private partial void LogVersion(string version, Version runtime);

    [LoggerMessage(LogLevel.Information, "Redis {Redis} ({Durability}); PostgreSQL {Postgres}; {Partitions} partitions")]
    private partial void LogStores(string redis, string durability, string postgres, int partitions);

    [LoggerMessage(LogLevel.Information, "The gateway is shutting down, and waits for the calls under way")]
    private partial void LogStopping();

    [LoggerMessage(LogLevel.Information, "The gateway has stopped")]
    private partial void LogStopped();

    [LoggerMessage(
        LogLevel.Information,
        "{Surfaces} surfaces, {Providers} providers; metrics at /metrics, over OTLP to {Metrics}; traces to {Traces}")]
    private partial void LogRest(int surfaces, int providers, string metrics, string traces);
}
