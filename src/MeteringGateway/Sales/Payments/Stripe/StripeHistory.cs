using System.Runtime.CompilerServices;
using System.Text.Json;
using Stripe;

namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>
/// Stripe's own list of events, of the last thirty days, for what its deliveries did not bring. Any number of callers at once.
/// </summary>
internal sealed class StripeHistory(StripeApi api, StripeWebhook webhook) : IPaymentHistory
{
    /// <summary>As many types as one question may name.</summary>
    private const int MaxTypes = 20;
    private const int MaxPage = 100;

    public string Channel => StripeWebhook.Name;
    public bool IsOpen => api.IsOpen;

    public async IAsyncEnumerable<PastEvent> ListAsync(
        DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var types in StripeEvents.Types.Chunk(MaxTypes))
        {
            var options = new EventListOptions
            {
                Types = [.. types],
                Created = new DateRangeOptions { GreaterThanOrEqual = since.UtcDateTime },
                Limit = MaxPage,
            };
            while (true)
            {
                var answer = await api.AskAsync(
                    "events", (stripe, token) => stripe.Events.ListAsync(options, null, token), cancellationToken);
                var page = answer.Value?.Data ?? throw new PaymentUnavailableException("Stripe can't be asked for its events.");
                foreach (var (said, body) in page.Select(Read))
                {
                    if (said is not null)
                    {
                        yield return new PastEvent(said, body);
                    }
                }

                if (!answer.Value.HasMore || page.Count == 0)
                {
                    break;
                }

                options.StartingAfter = page[^1].Id;
            }
        }
    }

    private (PaymentEvent? Said, string? Body) Read(Event made) => made.RawJsonElement is { ValueKind: JsonValueKind.Object } root
        ? (webhook.Read(root), root.GetRawText())
        : default;
}
