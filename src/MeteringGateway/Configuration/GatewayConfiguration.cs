namespace MeteringGateway.Configuration;

/// <summary>Finds and reads the configuration: the file, over it the environment, over that what the caller insists on.</summary>
internal static class GatewayConfiguration
{
    private const string DefaultFile = "config/gateway.json";

    public static IConfigurationRoot Load(IEnumerable<KeyValuePair<string, string?>>? overrides = null) => LoadFile(FindFile(), overrides);

    public static IConfigurationRoot LoadFile(string path, IEnumerable<KeyValuePair<string, string?>>? overrides = null)
    {
        var builder = new ConfigurationBuilder().Add(new GatewayFileProvider(Path.GetFullPath(path))).Add(new GatewayEnvironment());
        if (overrides is not null)
            builder.AddInMemoryCollection(overrides);
        return builder.Build();
    }

    /// <summary>The file that a reload watches; null when the configuration has none.</summary>
    public static GatewayFileProvider? FileOf(IConfigurationRoot root) => root.Providers.OfType<GatewayFileProvider>().FirstOrDefault();

    /// <summary>The same sources with the file read anew. The caller disposes it; <paramref name="root"/> stays as it is.</summary>
    public static ConfigurationRoot Reread(IConfigurationRoot root) =>
        new([.. root.Providers.Select(p => p is GatewayFileProvider file ? new GatewayFileProvider(file.FilePath) : p)]);

    public static string FindFile()
    {
        var named = Environment.GetEnvironmentVariable("GATEWAY_CONFIG");
        if (!string.IsNullOrWhiteSpace(named))
            return named;
        var beside = Path.Combine(AppContext.BaseDirectory, DefaultFile);
        return !File.Exists(DefaultFile) && File.Exists(beside) ? beside : DefaultFile;
    }
}
