using MeteringGateway.Http.OpenApi;

namespace MeteringGateway.Http.InnerCalls;

internal static class EndpointBranch
{
    /// <summary>The endpoints of <paramref name="app"/>, found as by a request of its own server, in a pipeline of another.</summary>
    public static void UseEndpointsOf(this IApplicationBuilder pipeline, WebApplication app)
    {
        pipeline.UseRouting();
        pipeline.UseAuthorization();
        pipeline.UseKnownQuery();
        pipeline.UseEndpoints(endpoints =>
        {
            foreach (var source in ((IEndpointRouteBuilder)app).DataSources)
            {
                endpoints.DataSources.Add(source);
            }
        });
    }
}
