using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeteringGateway.Tests.Ledger.Background;

public sealed class PeriodicWorkTests
{
    [Fact]
    public async Task Workers_OfOneGateway_AllWorkAgainAndAgain()
    {
        await using var provider = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddPeriodicWork<First>("First", TimeSpan.FromMilliseconds(1), (worker, _) => worker.WorkAsync())
            .AddPeriodicWork<Second>("Second", TimeSpan.FromMilliseconds(1), (worker, _) => worker.WorkAsync())
            .BuildServiceProvider();
        var services = provider.GetServices<IHostedService>().ToList();
        Assert.Equal(2, services.Count);
        foreach (var service in services)
        {
            await service.StartAsync(default);
        }

        var (first, second) = (provider.GetRequiredService<First>(), provider.GetRequiredService<Second>());
        await Task.WhenAll(first.Thrice, second.Thrice).WaitAsync(TimeSpan.FromSeconds(30));
        foreach (var service in services)
        {
            await service.StopAsync(default);
        }
    }

    private class First
    {
        private readonly TaskCompletionSource _thrice = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _rounds;

        public Task Thrice => _thrice.Task;

        /// <summary>The first round fails, which must not end the work.</summary>
        public Task WorkAsync()
        {
            _rounds++;
            if (_rounds == 3)
            {
                _thrice.TrySetResult();
            }

            return _rounds == 1 ? throw new InvalidOperationException("a bug") : Task.CompletedTask;
        }
    }

    private sealed class Second : First;
}
