namespace MeteringGateway.Ledger.Background;

/// <summary>Repeats a worker's round for as long as the gateway runs, with a pause after each.</summary>
internal sealed class PeriodicWork(string name, TimeSpan pause, Func<CancellationToken, Task> round, TimeProvider time, ILogger logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync(name, pause, round, time, logger, stoppingToken);
}

internal static class PeriodicWorkRegistration
{
    /// <summary>The worker, and a hosted service that lets it work.</summary>
    /// <param name="services">The gateway's.</param>
    /// <param name="name">What it does, for the log of an outage.</param>
    /// <param name="pause">Between two rounds.</param>
    /// <param name="round">Safe to end halfway, and to run in several gateways at once.</param>
    public static IServiceCollection AddPeriodicWork<TWorker>(
        this IServiceCollection services, string name, TimeSpan pause, Func<TWorker, CancellationToken, Task> round)
        where TWorker : class =>
        // Not AddHostedService: that takes a second PeriodicWork for the first one registered again, and drops it.
        services.AddSingleton<TWorker>().AddSingleton<IHostedService>(provider => new PeriodicWork(
            name,
            pause,
            cancellationToken => round(provider.GetRequiredService<TWorker>(), cancellationToken),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TWorker>>()));
}
