using System.Text.Json.Nodes;
using MeteringGateway.Testing.Stripe.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MeteringGateway.Testing.Stripe;

/// <summary>
/// A double of Stripe at the wire: the part of its API that the gateway uses, with what customers, banks and the network do there ordered
/// by the test. It keeps every call, and what it has really charged. Any number of callers at once.
/// </summary>
public sealed partial class StripeDouble : IAsyncDisposable
{
    public const string Version = "2026-10-28.endive";

    private readonly Lock _lock = new();
    private readonly WebApplication _app;
    private readonly StripeObjects _objects;
    private readonly StripeEvents _events;
    private readonly StripeWorld _world;
    private readonly List<StripeRequest> _requests = [];
    private readonly List<(StripeFault Fault, string Method, string Path)> _faults = [];

    private StripeDouble(TimeProvider clock)
    {
        _objects = new StripeObjects(clock);
        _events = new StripeEvents(_objects);
        _world = new StripeWorld(_objects, _events, () => Address);
        var server = new StripeServer(this, _world.Routes, new StripeLists(_objects), new StripeIdempotency(clock));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _app = builder.Build();
        _app.Map("/c/pay/{id}", (HttpContext context, string id) => new StripePage(this, _world).AnswerAsync(context, id));
        _app.Map("/{**path}", server.AnswerAsync);
    }

    /// <summary>The one secret key that it takes.</summary>
    public string ApiKey { get; } = $"sk_test_{Guid.NewGuid():N}";
    public string Address { get; private set; } = "";

    /// <summary>Of the events from now on.</summary>
    public string EventVersion
    {
        set => _events.ApiVersion = value;
    }

    /// <summary>Where events are delivered as they happen; null: they are withheld, and only <c>GET /v1/events</c> has them.</summary>
    public StripeWebhookTarget? Webhook
    {
        get => _events.Target;
        set => _events.Target = value;
    }

    public IReadOnlyList<StripeRequest> Requests => Locked(() => _requests.ToList());

    public static async Task<StripeDouble> StartAsync(TimeProvider? clock = null)
    {
        var made = new StripeDouble(clock ?? TimeProvider.System);
        await made._app.StartAsync();
        made.Address = made._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return made;
    }

    /// <summary>The next call of this method whose path starts so goes wrong; ordered twice, the next two.</summary>
    public void Order(StripeFault fault, string path, string method = "POST") => Locked(() => _faults.Add((fault, method, path)));

    /// <summary>Every event so far, the oldest first.</summary>
    public IReadOnlyList<JsonObject> Events(string? type = null) =>
        Locked(() => _objects.Of("event").Where(made => type is null || made.Text("type") == type)
            .Select(made => (JsonObject)made.DeepClone()).Reverse().ToList());

    /// <summary>Delivers an event, whether or not that was done before. The status of the answer; null: nobody was there.</summary>
    public Task<int?> DeliverAsync(JsonObject made, StripeWebhookTarget target) => _events.DeliverAsync(made, target);

    /// <summary>How each delivery was answered so far; null: nobody was there.</summary>
    public IReadOnlyList<(string Type, int? Status)> Delivered => _events.Delivered;

    /// <summary>Until every delivery that goes out by itself has been answered.</summary>
    public Task SettledAsync() => Eventually.TrueAsync(() => Task.FromResult(_events.IsSettled), () => "events wait to be delivered");

    /// <summary>Every object as it is now, events included.</summary>
    public IReadOnlyList<JsonObject> Everything() => Locked(() => _objects.All.Select(thing => (JsonObject)thing.DeepClone()).ToList());

    /// <summary>The object as it is now.</summary>
    public JsonObject Get(string id) =>
        Locked(() => (JsonObject)(_objects.Find(id) ?? throw new ArgumentException($"no object {id}", nameof(id))).DeepClone());

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _events.DisposeAsync();
    }

    internal (StripeRequest Request, StripeFault? Fault) Receive(StripeRequest request) => Locked<(StripeRequest, StripeFault?)>(() =>
    {
        _requests.Add(request);
        var place = _faults.FindIndex(fault =>
            fault.Method == request.Method && request.Path.StartsWith(fault.Path, StringComparison.Ordinal));
        if (place < 0)
        {
            return (request, null);
        }

        var fault = _faults[place].Fault;
        _faults.RemoveAt(place);
        return (request, fault);
    });

    internal T Locked<T>(Func<T> action)
    {
        lock (_lock)
        {
            return action();
        }
    }

    internal void Locked(Action action)
    {
        lock (_lock)
        {
            action();
        }
    }
}
