using System.Net.Sockets;
using System.Security.Cryptography;
using MeteringGateway.Configuration;
using MeteringGateway.Engine.Recovery;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Schema;
using MeteringGateway.Sales.Catalog;
using MeteringGateway.Sales.PaymentEvents;
using Npgsql;

namespace MeteringGateway.Hosting;

/// <summary>One life of the gateway: checked configuration, migrated database, served until it is told to stop.</summary>
internal static class GatewayRun
{
    /// <summary>An orchestrator starts Redis and PostgreSQL beside the gateway: they may need a while.</summary>
    private static readonly TimeSpan s_storePatience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <returns>0 after an orderly stop; <see cref="ConfigurationException.ExitCode"/> where something must be changed first.</returns>
    public static async Task<int> RunAsync(TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = GatewayHost.Build(GatewayConfiguration.Load());
            if (await PrepareAsync(app.Services, output, cancellationToken) is { } refusal)
            {
                throw new ConfigurationException(refusal);
            }

            await app.Services.GetRequiredService<StartReport>().WriteAsync();
            await ListenAsync(app, cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
            app.Services.GetRequiredService<StartReport>().WriteStopped();
            return 0;
        }
        catch (ConfigurationException e)
        {
            foreach (var line in e.Lines)
            {
                await error.WriteLineAsync(line);
            }

            return ConfigurationException.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>
    /// What Kestrel can't open (an address that is taken, not this machine's or not allowed, a certificate that is missing or locked)
    /// is a setting's fault.
    /// </summary>
    private static async Task ListenAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException or CryptographicException or InvalidOperationException
            && e.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true)
        {
            throw new ConfigurationException(
                $"Urls, Http2:Urls, Management:Urls or Kestrel:Endpoints can't be listened on: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>What must be right before the first request. Answers the line that stops the start.</summary>
    private static async Task<string?> PrepareAsync(IServiceProvider services, TextWriter output, CancellationToken cancellationToken)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var started = time.GetTimestamp();
        var isAway = false;
        while (true)
        {
            try
            {
                if (await services.GetRequiredService<LedgerStartup>().PrepareAsync(cancellationToken) is { } refusal)
                {
                    return refusal;
                }

                await services.GetRequiredService<CatalogSeed>()
                    .ApplyAsync(services.GetRequiredService<NpgsqlDataSource>(), cancellationToken);
                await services.GetRequiredService<CatalogNotice>().WriteAsync(cancellationToken);
                await services.GetRequiredService<SaleWarnings>().LogAsync(cancellationToken);
                services.GetRequiredService<PaymentWarnings>().Log();
                await services.GetRequiredService<OperatorToken>().LoadAsync(output, cancellationToken);
                break;
            }
            catch (NpgsqlException e) when (e is not PostgresException || e.IsTransient)
            {
                if (time.GetElapsedTime(started) > s_storePatience)
                {
                    return $"ConnectionStrings:Postgres: no answer within {s_storePatience.TotalSeconds:0} s ({e.Message}): "
                        + "must name a PostgreSQL server that is up";
                }

                if (!isAway)
                {
                    // Nothing listens yet: without this line a wrong port looks like a gateway that hangs.
                    services.GetRequiredService<ILogger<LedgerStartup>>().LogWarning(
                        "Waiting up to {Patience:0} s for PostgreSQL: {Reason}", s_storePatience.TotalSeconds, e.Message);
                    isAway = true;
                }
            }
            catch (PostgresException e)
            {
                return $"ConnectionStrings:Postgres: the server refuses it ({e.MessageText}): must name a database that this "
                    + "user may change";
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }

        return await services.GetRequiredService<PartitionSupervisor>().PrepareAsync(cancellationToken);
    }
}
