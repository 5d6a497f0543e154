using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Upkeep;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Calls.History;

internal static class HistoryRegistration
{
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddCallHistory(this IServiceCollection services) => services
        .AddSingleton<HoldLookup>()
        .AddSingleton<CallEntries>()
        .AddSingleton<CallHistory>()
        .AddSingleton<CallsUnderWay>()
        .AddSingleton<CallLog>()
        .AddHostedService(provider => provider.GetRequiredService<CallLog>())
        .AddPeriodicWork<RefusedCallStore>(
            "Forgetting calls that were not charged", s_sweep, (store, cancellationToken) => store.ForgetAsync(cancellationToken))
        .AddSingleton<HoldExpired>(provider =>
        {
            var (log, time) = (provider.GetRequiredService<CallLog>(), provider.GetRequiredService<TimeProvider>());
            return (requestId, accountId, credits) => log.Add(
                new RefusedCall(requestId, accountId, null, null, RefusedCall.Expired, credits, null, time.GetUtcNow()));
        });
}
