using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace MeteringGateway.Testing.Creem;

/// <summary>
/// Creem, as far as the gateway uses it: its REST interface and its pages on a free loopback port, and its events. It does what it is
/// asked, goes wrong where <see cref="Faults"/> say so, and knows what was really paid (<see cref="Shop"/>).
/// </summary>
public sealed class CreemDouble : IAsyncDisposable
{
    public const string TestKey = "creem_test_0123456789abcdef";

    /// <summary>A secret that both schemes can sign with: base64 behind its prefix.</summary>
    public const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private readonly ConcurrentQueue<CreemCall> _calls = new();
    private readonly WebApplication _app;

    private CreemDouble(WebApplication app, string apiKey, TimeProvider time)
    {
        (_app, ApiKey) = (app, apiKey);
        Shop = new CreemShop(
            time, new CreemJson(apiKey.StartsWith("creem_test_", StringComparison.Ordinal) ? "test" : "prod", () => Address));
        Webhooks = new CreemWebhooks(time);
        Shop.Told = Webhooks.Offer;
    }

    public string ApiKey { get; }
    public string Address => _app.Urls.First();
    public CreemShop Shop { get; }
    public CreemFaults Faults { get; } = new();
    public CreemWebhooks Webhooks { get; }

    /// <summary>What came for the REST interface with the right key.</summary>
    public IReadOnlyList<CreemCall> Calls => [.. _calls];

    public int CountOf(string operation) => _calls.Count(call => call.Operation == operation);

    public static async Task<CreemDouble> StartAsync(string apiKey = TestKey, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseShutdownTimeout(TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var creem = new CreemDouble(app, apiKey, time ?? TimeProvider.System);
        new CreemRoutes(creem).Map(app);
        new CreemPages(creem).Map(app);
        await app.StartAsync();
        return creem;
    }

    internal void Note(CreemCall call) => _calls.Enqueue(call);

    public async ValueTask DisposeAsync()
    {
        await Webhooks.DisposeAsync();
        await _app.DisposeAsync();
    }
}
