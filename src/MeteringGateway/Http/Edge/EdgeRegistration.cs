using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Errors;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Http.Edge;

internal static class EdgeRegistration
{
    /// <summary>Bodies that wait to be parsed: milliseconds each, and their bytes are counted.</summary>
    private const int MaxWaiting = 256;

    public static IServiceCollection AddEdge(this IServiceCollection services) => services
        .AddSingleton<PublicUrl>()
        .AddSingleton<BufferBudget>()
        .AddSingleton<AnswerBody>()
        .AddSingleton<OpenUploads>()
        .AddSingleton<ConnectionBound>()
        .AddSingleton<FailureBound>()
        .AddSingleton<CredentialRefused>(provider => provider.GetRequiredService<FailureBound>().Failed)
        .AddSingleton(_ => new WorkGate(MaxWaiting))
        .AddHostedService<MemoryReturn>();

    /// <summary>
    /// What every request meets first: who it is from, its id, the one shape of a failure, and whether it is one request at all.
    /// </summary>
    public static void UseEdge(this IApplicationBuilder app)
    {
        app.UseKnownProxies(app.ApplicationServices.GetRequiredService<IOptions<ProxiesOptions>>().Value);
        app.UseProblems();
        app.UseMiddleware<AnswerHeadersMiddleware>();
        app.UseMiddleware<FramingMiddleware>();
        app.UseMiddleware<FailureBoundMiddleware>();
        app.UseMiddleware<HeadMiddleware>();
    }
}
