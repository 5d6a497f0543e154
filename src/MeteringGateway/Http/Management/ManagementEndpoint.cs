namespace MeteringGateway.Http.Management;

/// <summary>Metadata of an endpoint that is for operators and their machines, not for those who call: see <c>Management:Urls</c>.</summary>
internal sealed class ManagementEndpoint
{
    public static ManagementEndpoint Instance { get; } = new();

    private ManagementEndpoint()
    {
    }

    public static bool Is(Endpoint endpoint) => endpoint.Metadata.GetMetadata<ManagementEndpoint>() is not null;
}
