using MeteringGateway.Calls.History;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Accounts.Usage;

internal static class UsageRegistration
{
    /// <summary>After AddLedger, with the data sources from elsewhere.</summary>
    public static IServiceCollection AddUsage(this IServiceCollection services) => services
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<RefusalCounts>(
            provider, provider.GetRequiredService<IOptions<UsageOptions>>().Value.MostRefusals))
        .AddHostedService<RefusalWriter>()
        .AddSingleton<UsageRollUp>()
        .AddHostedService(provider => provider.GetRequiredService<UsageRollUp>())
        .AddSingleton<UsageReader>();
}
