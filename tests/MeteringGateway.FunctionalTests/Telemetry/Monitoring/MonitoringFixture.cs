using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Telemetry.Monitoring;

/// <summary>A gateway under calls of every outcome, and the Prometheus that scrapes it.</summary>
public sealed class MonitoringFixture : IAsyncLifetime
{
    private readonly FakeProvider _provider = FakeProvider.Start(EveryOutcome.Answer);
    private readonly CancellationTokenSource _end = new();
    private Stores? _stores;
    private GatewayProcess? _gateway;
    private PrometheusServer? _prometheus;
    private Task _calls = Task.CompletedTask;

    internal PrometheusServer Prometheus => _prometheus!;

    /// <summary>The codes with which calls were refused so far.</summary>
    public IReadOnlySet<string> Codes { get; private set; } = new HashSet<string>();

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        _gateway = await GatewayProcess.StartAsync(_stores, EveryOutcome.Config(_provider));
        _prometheus = await PrometheusServer.StartAsync(_gateway.Address);
        var outcomes = await EveryOutcome.CreateAsync(_gateway.Client);
        _calls = CallAsync(outcomes);
    }

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await _calls.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var end in new Func<ValueTask>?[]
        {
            _prometheus is null ? null : _prometheus.DisposeAsync, _gateway is null ? null : _gateway.DisposeAsync,
            _provider.DisposeAsync, _stores is null ? null : _stores.DisposeAsync,
        })
        {
            await (end?.Invoke() ?? ValueTask.CompletedTask);
        }

        _end.Dispose();
    }

    /// <summary>A rate needs a counter that moves between two scrapes, so calls go on for as long as anybody looks.</summary>
    private async Task CallAsync(EveryOutcome outcomes)
    {
        while (!_end.IsCancellationRequested)
        {
            Codes = Codes.Concat(await outcomes.RoundAsync()).ToHashSet(StringComparer.Ordinal);
        }
    }
}
