namespace MeteringGateway.Observability;

#pragma warning disable CA1822 // The branch that builds the metrics replaces this file.
internal sealed class GatewayMetrics
{
    public void ConfigReload(string result) => _ = result;
}
