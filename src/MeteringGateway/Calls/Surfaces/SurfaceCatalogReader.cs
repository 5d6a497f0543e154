using System.Collections.Frozen;
using MeteringGateway.Calls.Surfaces.Routes;
using MeteringGateway.Configuration;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>
/// Reads and checks all surfaces and providers of a candidate configuration, as one: a surface is only as good as its chain.
/// </summary>
internal static class SurfaceCatalogReader
{
    /// <summary>Answers null when anything is wrong, which has then been reported.</summary>
    public static SurfaceCatalog? Read(IConfiguration configuration, ConfigurationErrors errors, Func<string, string?>? environment = null)
    {
        var before = errors.Lines.Count;
        var health = Health(configuration, errors);
        var reader = new ProviderReader(environment ?? Environment.GetEnvironmentVariable, health);
        var providers = Providers(configuration.GetSection("ReverseProxy"), reader, errors);
        var surfaces = Surfaces(configuration.GetSection("Surfaces"), configuration.GetSection("ReverseProxy:Clusters"), errors);
        if (errors.Lines.Count > before)
            return null;
        return new SurfaceCatalog(
            surfaces.ToFrozenDictionary(s => s.Slug, StringComparer.Ordinal),
            [.. surfaces.Select(s => s.Slug).Order(StringComparer.Ordinal)],
            providers.ToFrozenDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase),
            surfaces.Max(s => s.MaxRequestBytes));
    }

    /// <summary>At a start its section has been read with the other options already: what is wrong is said once.</summary>
    private static ProviderHealthOptions Health(IConfiguration configuration, ConfigurationErrors errors)
    {
        var own = new ConfigurationErrors();
        var fields = new SectionFields(configuration.GetSection("Providers"), own);
        _ = fields.Field("Health");
        fields.RefuseOthers();
        var health = OptionsBinder.Bind<ProviderHealthOptions>(configuration, ProviderHealthOptions.Section, own);
        errors.AddRange(own.Lines.Except(errors.Lines));
        return health;
    }

    private static List<Provider> Providers(IConfigurationSection proxy, ProviderReader reader, ConfigurationErrors errors)
    {
        var providers = new List<Provider>();
        var fields = new SectionFields(proxy, errors);
        if (fields.Field("Routes").GetChildren().Any())
            errors.AddWithoutValue($"{proxy.Path}:Routes", "is not used: must be left out, a route would pass the metering by");
        foreach (var cluster in fields.Field("Clusters").GetChildren())
        {
            var found = errors.Lines.Count;
            if (reader.Read(cluster, errors) is { } provider)
                providers.Add(provider);
            if (errors.Lines.Count == found)
                ClusterCheck.Run(cluster, errors);
        }
        fields.RefuseOthers();
        return providers;
    }

    private static List<Surface> Surfaces(IConfigurationSection section, IConfigurationSection clusters, ConfigurationErrors errors)
    {
        // A provider with an error of its own still has a name; chains that use it need no second line.
        var names = clusters.GetChildren().Select(c => c.Key).ToFrozenDictionary(n => n, StringComparer.OrdinalIgnoreCase);
        var surfaces = new List<Surface>();
        foreach (var child in section.GetChildren())
        {
            if (SurfaceReader.Read(child, names, errors) is { } surface)
                surfaces.Add(surface);
        }
        RouteOverlap.Check(surfaces, errors);
        if (!section.GetChildren().Any())
            errors.Missing(
                section.Path, "at least one surface like \"search\": { \"Price\": { \"Credits\": 2 }, \"Providers\": [\"alpha\"] }");
        return surfaces;
    }
}
