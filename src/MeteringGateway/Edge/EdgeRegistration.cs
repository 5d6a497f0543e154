using MeteringGateway.Errors;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Edge;

internal static class EdgeRegistration
{
    public static IServiceCollection AddEdge(this IServiceCollection services) => services
        .AddSingleton<PublicUrl>()
        .AddSingleton<BufferBudget>()
        .AddSingleton<AnswerBody>()
        .AddSingleton<OpenUploads>()
        .AddSingleton<ConnectionBound>();

    /// <summary>What every request meets first: who it is from, its id, the one shape of a failure, and whether it is one request at all.</summary>
    public static void UseEdge(this WebApplication app)
    {
        app.UseKnownProxies(app.Services.GetRequiredService<IOptions<ProxiesOptions>>().Value);
        app.UseProblems();
        app.UseMiddleware<AnswerHeadersMiddleware>();
        app.UseMiddleware<FramingMiddleware>();
        app.UseMiddleware<HeadMiddleware>();
    }
}
