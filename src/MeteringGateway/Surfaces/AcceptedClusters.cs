namespace MeteringGateway.Surfaces;

/// <summary>
/// The configuration that YARP watches: it only ever holds what has been accepted, so YARP can't apply half of a
/// change that the surfaces refused.
/// </summary>
internal sealed class AcceptedClusters : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void Publish(IConfiguration candidate)
    {
        Fill(candidate);
        OnReload();
    }

    public void Fill(IConfiguration candidate) =>
        Data = candidate.GetSection("ReverseProxy:Clusters").AsEnumerable()
            .Where(s => !ClusterCheck.IsOurs(s.Key))
            .ToDictionary(s => s.Key, s => s.Value, StringComparer.OrdinalIgnoreCase);
}
