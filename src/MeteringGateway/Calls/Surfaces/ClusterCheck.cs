using MeteringGateway.Configuration;
using Microsoft.AspNetCore.DataProtection;
using Yarp.ReverseProxy.Configuration;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>
/// Asks YARP itself whether it would take a cluster. Each is loaded alone, into a container that is thrown away,
/// because YARP's reader throws at the first wrong value and doesn't say whose it was.
/// </summary>
internal static class ClusterCheck
{
    public static void Run(IConfigurationSection cluster, ConfigurationErrors errors)
    {
        var prefix = $"ReverseProxy:Clusters:{cluster.Key}";
        var settings = cluster.AsEnumerable(makePathsRelative: true)
            .Select(s => new KeyValuePair<string, string?>($"Clusters:{cluster.Key}:{s.Key}", s.Value));
        var alone = new ConfigurationBuilder().AddInMemoryCollection(settings.Where(s => !IsOurs(s.Key))).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReverseProxy().LoadFromConfig(alone);
        // YARP's own would make a folder for its keys in the home; see SurfacesRegistration.
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        using var provider = services.BuildServiceProvider();
        try
        {
            var validator = provider.GetRequiredService<IConfigValidator>();
            foreach (var config in provider.GetRequiredService<IProxyConfigProvider>().GetConfig().Clusters)
            {
                // YARP's checks complete at once; nothing is awaited on a start or a reload.
                foreach (var problem in validator.ValidateClusterAsync(config).AsTask().GetAwaiter().GetResult())
                    errors.AddWithoutValue(prefix, $"is refused by YARP: {problem.Message.ReplaceLineEndings(" ")}");
            }
        }
        catch (Exception e)
            when (e is FormatException or ArgumentException or InvalidOperationException or OverflowException or NotSupportedException)
        {
            errors.AddWithoutValue(prefix, $"is refused by YARP: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Headers and health are ours: YARP's metadata is flat, and the secrets in it would be anyone's to read.</summary>
    public static bool IsOurs(string key) =>
        key.Contains(":Metadata:Header", StringComparison.OrdinalIgnoreCase)
        || key.Contains(":Metadata:Health", StringComparison.OrdinalIgnoreCase);
}
