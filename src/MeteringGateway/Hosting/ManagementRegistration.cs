using MeteringGateway.Http.Management;

namespace MeteringGateway.Hosting;

internal static class ManagementRegistration
{
    /// <summary>What <c>Management:Urls</c> asks for.</summary>
    public static IServiceCollection AddManagementServer(this IServiceCollection services) => services
        .AddSingleton<MatcherPolicy, ManagementMatcher>()
        .AddSingleton<ManagementServer>()
        .AddHostedService(provider => provider.GetRequiredService<ManagementServer>());
}
