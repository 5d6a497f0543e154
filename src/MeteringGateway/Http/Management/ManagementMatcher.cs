using MeteringGateway.Configuration;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Http.Management;

/// <summary>
/// Lets a request find the endpoints of its side only, while <c>Management:Urls</c> is set. A part of the routing, before its look at the
/// method: a path of the other side is unknown in every way, with no 405 and no <c>Allow</c> that would tell of it.
/// </summary>
internal sealed class ManagementMatcher(IOptions<ManagementOptions> options) : MatcherPolicy, INodeBuilderPolicy
{
    /// <summary>Before that of the method, which is at -1000.</summary>
    public override int Order => -2000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => options.Value.Urls.Count > 0;

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints) =>
        [.. endpoints.GroupBy(ManagementEndpoint.Is).Select(side => new PolicyNodeEdge(side.Key, [.. side]))];

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges)
    {
        return new Sides(Of(isManagement: true), Of(isManagement: false));

        int Of(bool isManagement) =>
            edges.Where(edge => edge.State.Equals(isManagement)).Select(edge => edge.Destination).DefaultIfEmpty(exitDestination).First();
    }

    private sealed class Sides(int management, int callers) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext) => ManagementConnection.Is(httpContext) ? management : callers;
    }
}
