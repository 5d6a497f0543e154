using System.Text.RegularExpressions;
using MeteringGateway.Configuration;
using Yarp.ReverseProxy.Health;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>
/// Reads what is ours in one <c>ReverseProxy:Clusters:&lt;provider&gt;</c>, and checks what YARP would accept and fail on later.
/// </summary>
internal sealed partial class ProviderReader(Func<string, string?> environment, ProviderHealthOptions health)
{
    /// <summary>YARP's names, without session affinity: it belongs to YARP's own pipeline, which the chain doesn't use.</summary>
    private static readonly string[] ClusterFields =
        ["Destinations", "LoadBalancingPolicy", "HealthCheck", "HttpClient", "HttpRequest", "Metadata"];

    /// <summary>
    /// What YARP's own passive health policies read there. Anything else is a misspelt name of ours, and its provider would
    /// be called wrongly.
    /// </summary>
    private static readonly string[] YarpMetadata =
    [
        TransportFailureRateHealthPolicyOptions.FailureRateLimitMetadataName, ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName,
    ];

    public Provider? Read(IConfigurationSection cluster, ConfigurationErrors errors)
    {
        var before = errors.Lines.Count;
        if (!NameForm().IsMatch(cluster.Key))
            errors.Add(cluster.Path, cluster.Key, "a name of 1 to 64 letters, digits, '.', '-' and '_' that starts with a letter or digit");
        var fields = new SectionFields(cluster, errors);
        foreach (var name in ClusterFields)
            _ = fields.Field(name);
        fields.RefuseOthers();
        ClusterShape.Check(cluster, errors);
        CheckDestinations(cluster.GetSection("Destinations"), errors);

        var metadata = new SectionFields(cluster.GetSection("Metadata"), errors);
        var path = metadata.Text("Path");
        var sent = path is null ? null : ProviderPath.Read(path);
        if (path is not null && sent is null)
            errors.Add(
                $"{metadata.Path}:Path", path,
                "a path like /v1/answer or /v1/answer?version=2, in which '%' stands before two hexadecimal digits");
        var headers = new HeaderReader(environment).Read(metadata.Field("Header"), errors);
        foreach (var name in YarpMetadata)
            _ = metadata.Field(name);
        _ = metadata.Field("Health");
        var own = OptionsBinder.Bind(cluster, "Metadata:Health", errors, health with { });
        metadata.RefuseOthers();
        return errors.Lines.Count > before ? null : new Provider(cluster.Key, sent, headers, own);
    }

    private static void CheckDestinations(IConfigurationSection destinations, ConfigurationErrors errors)
    {
        var any = false;
        foreach (var destination in destinations.GetChildren())
        {
            any = true;
            var address = destination["Address"];
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
                || uri.Host.Length == 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
                errors.Add(
                    $"{destination.Path}:Address", uri?.UserInfo.Length > 0 ? "…" : address, "an address like http://127.0.0.1:9101");
            else if (uri.UserInfo.Length > 0)
                errors.AddWithoutValue(
                    $"{destination.Path}:Address",
                    "carries a user name: must be an address without it, credentials go into Metadata:Header:Authorization");
        }
        if (!any)
            errors.Missing(destinations.Path, "at least one destination like { \"a1\": { \"Address\": \"http://127.0.0.1:9101\" } }");
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex NameForm();
}
