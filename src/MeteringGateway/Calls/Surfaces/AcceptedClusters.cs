namespace MeteringGateway.Calls.Surfaces;

/// <summary>
/// The configuration that YARP watches: it only ever holds what has been accepted, so YARP can't apply half of a
/// change that the surfaces refused. Written by one thread at a time.
/// </summary>
internal sealed class AcceptedClusters : ConfigurationProvider, IConfigurationSource
{
    private const string Clusters = "ReverseProxy:Clusters";

    private Dictionary<string, string?> _accepted = [];

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void Fill(IConfiguration candidate) => Data = _accepted = Settings(candidate);

    /// <summary>
    /// Clusters that the candidate no longer has stay until <see cref="Retire"/>: calls in flight may still come to them in their chains.
    /// </summary>
    public void Publish(IConfiguration candidate)
    {
        _accepted = Settings(candidate);
        var kept = candidate.GetSection(Clusters).GetChildren().Select(c => c.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var both = new Dictionary<string, string?>(_accepted, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in Data)
        {
            if (!kept.Contains(ClusterOf(key)))
                both[key] = value;
        }
        Data = both;
        OnReload();
    }

    public void Retire()
    {
        Data = _accepted;
        OnReload();
    }

    private static Dictionary<string, string?> Settings(IConfiguration candidate) =>
        candidate.GetSection(Clusters).AsEnumerable()
            .Where(s => s.Key.Length > Clusters.Length && !ClusterCheck.IsOurs(s.Key))
            .ToDictionary(s => s.Key, s => s.Value, StringComparer.OrdinalIgnoreCase);

    private static string ClusterOf(string key) => key[(Clusters.Length + 1)..].Split(':', 2)[0];
}
