using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Calls.Metering;

/// <summary>What a call sends to its providers.</summary>
internal static class CallRequest
{
    /// <summary>Byte for byte, but where the surface asks streams for their usage.</summary>
    public static ProviderRequest Of(MeteredCall call) =>
        new(call.Surface!.AsksForUsage ? UsageRequest.Ask(call.Body) : call.Body, call.Target);
}
