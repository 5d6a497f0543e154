using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Sales.Payments.Creem;

/// <summary>
/// What Creem's lists show of what happened. They name no event, so each fact gets an id of its own that is the same whenever it is read:
/// a fact that the webhook brought as well is known by its payment. Payments that are made once are not listed, for a transaction names no
/// order of ours: each open order asks for its own page (<see cref="CreemPaymentProvider.FindAsync"/>).
/// </summary>
internal sealed class CreemHistory(CreemApi api, IOptions<CreemOptions> options) : IPaymentHistory
{
    private const int PageSize = 100;

    /// <summary>A shop of a hundred thousand transactions in the time that is looked at.</summary>
    private const int MostPages = 1000;

    /// <summary>A refund changes a transaction that was made before; longer after it nobody may ask for one.</summary>
    private static readonly TimeSpan RefundsReach = TimeSpan.FromDays(180);

    public string Channel => CreemWebhook.Name;
    public bool IsOpen => options.Value.IsOpen;

    public async IAsyncEnumerable<PastEvent> ListAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subscriptions = new Dictionary<string, JsonElement>();
        await foreach (var one in PagesAsync("/v1/subscriptions/search", null, cancellationToken))
        {
            if (EventJson.Text(one, "id") is { } id && CreemFacts.Subscription(one) is { } facts)
            {
                subscriptions[id] = one;
                var state = FormattableString.Invariant($"{facts.State}:{facts.IsEnding}:{facts.PeriodEnd?.ToUnixTimeSeconds()}");
                var said = Said($"list:{id}:{state}", "list.subscription", one, CreemFacts.Date(one, "updated_at"));
                said = CreemEvents.Changed(said, one, PaymentEventKind.SubscriptionChanged);
                if (CreemEvents.HasIds(said))
                {
                    yield return new PastEvent(said, null);
                }
            }
        }

        await foreach (var one in PagesAsync("/v1/transactions/search", since - RefundsReach, cancellationToken))
        {
            var month = CreemFacts.Instant(one, "created_at") >= since ? Month(one, subscriptions) : null;
            foreach (var said in new[] { month, Reversal(one) })
            {
                if (said is not null && CreemEvents.HasIds(said))
                {
                    yield return new PastEvent(said, null);
                }
            }
        }
    }

    /// <summary>Null: it is no paid month of a subscription.</summary>
    private static PaymentEvent? Month(JsonElement transaction, Dictionary<string, JsonElement> subscriptions) =>
        EventJson.Text(transaction, "id") is { } id
        && EventJson.Text(transaction, "status") is "paid" or "partialRefund" or "refunded" or "chargedBack"
        && EventJson.Text(transaction, "subscription") is { } subscription && subscriptions.TryGetValue(subscription, out var known)
            ? CreemEvents.Month(
                Said($"list:{id}:paid", "list.transaction.paid", transaction, CreemFacts.Instant(transaction, "created_at")),
                known, transaction)
            : null;

    /// <summary>
    /// All that went back of a payment so far, as a list shows it: neither the refunds nor the disputes that it is made of. Null: nothing
    /// did.
    /// </summary>
    private static PaymentEvent? Reversal(JsonElement transaction)
    {
        var (payment, aliases) = CreemEvents.PaymentOf(transaction);
        var total = EventJson.Text(transaction, "status") == "chargedBack"
            ? CreemFacts.Paid(transaction)
            : EventJson.Whole(transaction, "refunded_amount");
        if (payment is null || total is not (> 0 and var amount))
        {
            return null;
        }

        // Each total is a reversal of its own: the highest counts, in whatever order they are taken.
        var id = string.Create(CultureInfo.InvariantCulture, $"{payment}:total:{amount}");
        return Said($"list:{id}", "list.transaction.reversed", transaction, null) with
        {
            Kind = PaymentEventKind.Reversed,
            PaymentId = payment,
            Aliases = aliases,
            Currency = CreemFacts.Currency(transaction),
            PaidCents = CreemFacts.Paid(transaction),
            Reversal = new ReversalSaid(id, ReversalSaid.RefundTotal, ReversalState.Effective, amount),
        };
    }

    private static PaymentEvent Said(string id, string type, JsonElement thing, DateTimeOffset? at) =>
        new(id, type, PaymentEventKind.Other, [], null, null, null, CreemFacts.IsLive(thing))
        {
            CustomerId = CreemFacts.IdOf(thing, "customer"),
            OccurredAt = at,
        };

    /// <summary>
    /// All entries of a list, page by page. Its order is not documented: only where it has shown that the newest come first does a page of
    /// nothing but old entries end it.
    /// </summary>
    private async IAsyncEnumerable<JsonElement> PagesAsync(
        string path, DateTimeOffset? oldest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DateTimeOffset? first = null;
        for (var number = 1; number <= MostPages; number++)
        {
            var answer = await api.GetAsync(
                string.Create(CultureInfo.InvariantCulture, $"{path}?page_number={number}&page_size={PageSize}"), cancellationToken);
            if (answer.Outcome != CreemOutcome.Ok || EventJson.At(answer.Body, "items") is not { ValueKind: JsonValueKind.Array } items)
            {
                throw new PaymentUnavailableException("Creem can't be asked for what happened now.");
            }

            DateTimeOffset? last = null;
            foreach (var one in items.EnumerateArray())
            {
                last = CreemFacts.Instant(one, "created_at");
                first ??= last;
                yield return one;
            }

            if (items.GetArrayLength() < PageSize || (last < oldest && last < first))
            {
                yield break;
            }
        }
    }
}
