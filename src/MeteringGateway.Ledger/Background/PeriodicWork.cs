namespace MeteringGateway.Ledger.Background;

/// <summary>Repeats a worker's round while the gateway runs, with a pause after each.</summary>
internal sealed class PeriodicWork(string name, TimeSpan pause, Func<CancellationToken, Task> round, TimeProvider time, ILogger logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync(name, pause, round, time, logger, stoppingToken);
}

internal static class PeriodicWorkRegistration
{
    /// <summary>Registers the worker, and a hosted service that runs its rounds.</summary>
    /// <param name="services">The gateway's services.</param>
    /// <param name="name">The worker's task, for the log of an outage.</param>
    /// <param name="pause">The pause between two rounds.</param>
    /// <param name="round">Must be safe to abort at any point, and to run in several gateways at once.</param>
    public static IServiceCollection AddPeriodicWork<TWorker>(
        this IServiceCollection services, string name, TimeSpan pause, Func<TWorker, CancellationToken, Task> round)
        where TWorker : class =>
        // Not AddHostedService: it registers a type once, and would drop the second PeriodicWork.
        services.AddSingleton<TWorker>().AddSingleton<IHostedService>(provider => new PeriodicWork(
            name,
            pause,
            cancellationToken => round(provider.GetRequiredService<TWorker>(), cancellationToken),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TWorker>>()));
}
