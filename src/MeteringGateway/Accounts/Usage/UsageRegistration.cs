namespace MeteringGateway.Accounts.Usage;

internal static class UsageRegistration
{
    /// <summary>After AddLedger, with the data sources from elsewhere.</summary>
    public static IServiceCollection AddUsage(this IServiceCollection services) => services
        .AddSingleton<UsageRollUp>()
        .AddHostedService(provider => provider.GetRequiredService<UsageRollUp>())
        .AddSingleton<UsageReader>();
}
