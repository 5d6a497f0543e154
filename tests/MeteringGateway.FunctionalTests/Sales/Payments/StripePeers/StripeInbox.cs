using System.Collections.Concurrent;
using System.Text;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripePeers;

/// <summary>Takes every delivery and keeps it with its signature.</summary>
internal sealed class StripeInbox : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Body, string Signature)> _received = new();
    private readonly FakeProvider _server;

    private StripeInbox() => _server = FakeProvider.Start(request =>
    {
        _received.Enqueue((Encoding.UTF8.GetString(request.Body), request.Header("Stripe-Signature") ?? ""));
        return FakeReply.Json("{}");
    });

    public StripeWebhookTarget Target => new(new Uri(_server.Address), "whsec_inbox");
    public IReadOnlyList<(string Body, string Signature)> Received => [.. _received];

    public static Task<StripeInbox> StartAsync() => Task.FromResult(new StripeInbox());

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
