using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace MeteringGateway.Testing.Stripe;

/// <summary>
/// What has happened, in order, each with the object as it was then; and its deliveries, signed, one after the other.
/// </summary>
internal sealed class StripeEvents : IAsyncDisposable
{
    private readonly StripeObjects _objects;
    private readonly HttpClient _http = new();
    private readonly Channel<(JsonObject Event, StripeWebhookTarget Target)> _queue =
        Channel.CreateUnbounded<(JsonObject, StripeWebhookTarget)>();
    private readonly Task _delivering;
    private readonly ConcurrentQueue<(string Type, int? Status)> _delivered = new();
    private int _waiting;

    public StripeEvents(StripeObjects objects)
    {
        _objects = objects;
        _delivering = DeliverAsync();
    }

    public string ApiVersion { get; set; } = StripeDouble.Version;
    public StripeWebhookTarget? Target { get; set; }

    /// <summary>Nothing waits to be delivered by itself.</summary>
    public bool IsSettled => Volatile.Read(ref _waiting) == 0;

    /// <summary>How each delivery was answered; null: nobody was there.</summary>
    public IReadOnlyList<(string Type, int? Status)> Delivered => [.. _delivered];

    /// <summary>Its callers hold the double's lock.</summary>
    public void Add(string type, JsonObject about, JsonObject? before = null)
    {
        var data = new JsonObject { ["object"] = about.DeepClone() };
        if (before is not null)
        {
            data["previous_attributes"] = before;
        }

        var made = _objects.Add(
            "event", "evt", ("api_version", ApiVersion), ("type", type), ("data", data), ("pending_webhooks", Target is null ? 0 : 1),
            ("request", new JsonObject { ["id"] = null, ["idempotency_key"] = null }));
        if (Target is { } target)
        {
            for (var i = 0; i < target.Times; i++)
            {
                Interlocked.Increment(ref _waiting);
                _queue.Writer.TryWrite(((JsonObject)made.DeepClone(), target));
            }
        }
    }

    /// <summary>Delivers one event once. The status of the answer; null: nobody was there.</summary>
    public async Task<int?> DeliverAsync(JsonObject made, StripeWebhookTarget target)
    {
        var status = await PostAsync(made, target);
        _delivered.Enqueue((made.Text("type")!, status));
        return status;
    }

    public static string Sign(ReadOnlySpan<byte> body, string secret, long now)
    {
        var sent = now.ToString(CultureInfo.InvariantCulture);
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(sent + "."), .. body]);
        return $"t={sent},v1={Convert.ToHexStringLower(mac)}";
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.Complete();
        await _delivering;
        _http.Dispose();
    }

    private async Task<int?> PostAsync(JsonObject made, StripeWebhookTarget target)
    {
        var body = Encoding.UTF8.GetBytes(made.ToJsonString());
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        content.Headers.Add("Stripe-Signature", Sign(body, target.Secret, _objects.Now));
        try
        {
            using var answer = await _http.PostAsync(target.Address, content);
            return (int)answer.StatusCode;
        }
        catch (Exception broke) when (broke is HttpRequestException or SocketException)
        {
            // SocketException: a gateway that was killed between the connection and its first use.
            return null;
        }
    }

    private async Task DeliverAsync()
    {
        await foreach (var (made, target) in _queue.Reader.ReadAllAsync())
        {
            await DeliverAsync(made, target);
            Interlocked.Decrement(ref _waiting);
        }
    }
}

/// <summary>Where events go by themselves.</summary>
/// <param name="Address">The gateway's <c>/payment/webhook/stripe</c>.</param>
/// <param name="Secret">With which deliveries are signed.</param>
/// <param name="Times">How often each is delivered.</param>
public sealed record StripeWebhookTarget(Uri Address, string Secret, int Times = 1);
