using System.Text;
using MeteringGateway.Http.Bounds;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Http.Requests;

/// <summary>Requests whose bodies are under way, with what it takes to read one.</summary>
internal static class Uploads
{
    public static HttpRequest Of(string body, long memory = 1024 * 1024, int uploads = 1) =>
        Of(new MemoryStream(Encoding.UTF8.GetBytes(body)), memory, uploads);

    public static HttpRequest Of(Stream body, long memory = 1024 * 1024, int uploads = 1)
    {
        var services = new ServiceCollection()
            .AddSingleton(new OpenUploads(Options.Create(new ClientOptions { MaxUploads = uploads })))
            .AddSingleton(new BufferBudget(memory))
            .BuildServiceProvider();
        var request = new DefaultHttpContext { RequestServices = services }.Request;
        request.Body = body;
        return request;
    }
}
