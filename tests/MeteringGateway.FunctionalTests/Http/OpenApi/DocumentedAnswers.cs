using System.Runtime.CompilerServices;
using System.Text.Json;
using MeteringGateway.Configuration;
using MeteringGateway.Hosting;
using MeteringGateway.Http.OpenApi;
using MeteringGateway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MeteringGateway.FunctionalTests.Http.OpenApi;

/// <summary>
/// Every answer that any test's client gets here is one that the document has for its operation: a handler that answers with a status or a
/// code which nobody listed fails the test that brings it about.
/// </summary>
internal static class DocumentedAnswers
{
    private static readonly Lazy<ILookup<string, ApiOperation>> s_operations = new(Read);

#pragma warning disable CA2255 // A library's users could be surprised; this is a program of tests, and nothing in it may start before.
    [ModuleInitializer]
    internal static void Watch() => GatewayClient.Answered = Check;
#pragma warning restore CA2255

    internal static void Check(HttpMethod method, string path, GatewayAnswer answer)
    {
        // What is served but not described has no operation; of two that fit, the one with fewer parameters is meant.
        var operation = Find(method, path) ?? (method == HttpMethod.Head ? Find(HttpMethod.Get, path) : null);
        if (operation?.Undocumented(answer) is { } fault)
        {
            throw new InvalidOperationException($"{operation.Name}: {fault}");
        }
    }

    private static ApiOperation? Find(HttpMethod method, string path) =>
        s_operations.Value[method.Method].Where(operation => operation.Fits(path))
            .MinBy(operation => operation.Path.Count(sign => sign == '{'));

    /// <summary>From a gateway that is put together and never started: the document is the same whatever the configuration says.</summary>
    private static ILookup<string, ApiOperation> Read()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.In("gateway.json"), """
            { "ReverseProxy": { "Clusters": { "alpha": { "Destinations": { "d": { "Address": "http://127.0.0.1:1" } } } } },
              "Surfaces": { "search": { "Price": { "Credits": 2 }, "Providers": ["alpha"] } } }
            """);
        using var app = GatewayHost.Build(GatewayConfiguration.LoadFile(directory.In("gateway.json"), new Dictionary<string, string?>
        {
            ["ConnectionStrings:Redis"] = "127.0.0.1:1",
            ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Database=none",
        }));

        // What the start would do: the endpoints become known to those who describe them.
        app.UseEndpoints(_ => { });
        var context = new DefaultHttpContext { RequestServices = app.Services, Response = { Body = new MemoryStream() } };
        app.Services.GetRequiredService<ServedDocument>().WriteAsync(context).GetAwaiter().GetResult();
        context.Response.Body.Position = 0;
        var document = JsonSerializer.Deserialize<JsonElement>(context.Response.Body);
        return (from path in document.GetProperty("paths").EnumerateObject()
                from operation in path.Value.EnumerateObject()
                select new ApiOperation(operation.Name.ToUpperInvariant(), path.Name, operation.Value)).ToLookup(one => one.Method);
    }
}
