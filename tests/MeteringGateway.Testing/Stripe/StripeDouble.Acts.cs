using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe;

/// <summary>What customers, banks and time do, and what came of it.</summary>
public sealed partial class StripeDouble
{
    /// <summary>What was really charged, the oldest first: one for each payment that a customer finds on his statement.</summary>
    public IReadOnlyList<StripePayment> Ledger() => Locked(() => _objects.Of("charge").Where(charge => charge.Truth("paid")).Reverse()
        .Select(charge =>
        {
            var intent = _world.Payments.Get(charge.Text("payment_intent"));
            var invoice = _objects.Of("invoice_payment").FirstOrDefault(paid => paid.Text("payment", "payment_intent") == intent.Id());
            return new StripePayment(
                charge.Id(), intent.Id(), intent.Whole("amount")!.Value, intent.Text("currency")!, intent.Text("customer"),
                ((JsonObject)intent["metadata"]!).ToDictionary(pair => pair.Key, pair => pair.Value!.ToString()),
                invoice?.Text("invoice"), charge.Whole("amount_refunded")!.Value);
        }).ToList());

    /// <summary>The customer completes a session's page. Null: it is done; else the code of the decline.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="card">A test card behind <c>pm_card_</c>, or the id of a method.</param>
    public string? Complete(string session, string card = "visa") => Attempt(() => _world.Checkouts.Complete(
        _world.Checkouts.Get(session), _world.Methods.Get(card.StartsWith("pm_", StringComparison.Ordinal) ? card : "pm_card_" + card)));

    /// <summary>The customer pays a session's page with a bank debit, whose money is not there yet.</summary>
    public void CompleteWithDebit(string session) => Locked(() =>
        _world.Checkouts.Complete(_world.Checkouts.Get(session), _world.Methods.Make(StripeCards.Debit)));

    /// <summary>Nobody came to a session's page.</summary>
    public void Expire(string session) => Locked(() => _world.Checkouts.Expire(_world.Checkouts.Get(session)));

    /// <summary>A price as the operator makes it for a plan; without an interval it is paid once.</summary>
    public string AddPrice(long amount, string currency, string? interval) => Locked(() => _world.Catalog.CreatePrice(new JsonObject
    {
        ["unit_amount"] = amount,
        ["currency"] = currency,
        ["product_data"] = new JsonObject { ["name"] = "Plan" },
        ["recurring"] = interval is null ? null : new JsonObject { ["interval"] = interval },
    }).Id());

    /// <summary>A customer of the double with a card on file, as a setup leaves it. The method's id.</summary>
    public string SaveCard(string customer, string card = "visa") =>
        Locked(() => _world.Methods.Attach(_world.Methods.Get("pm_card_" + card), _world.Customers.Get(customer)).Id());

    /// <summary>From now on a method does as another test card.</summary>
    public void Turn(string method, string card) => Locked(() => _world.Methods.Turn(method, card));

    /// <summary>A slow payment arrives, or never does.</summary>
    public void Settle(string intent, bool isPaid) => Locked(() =>
    {
        var found = _world.Payments.Get(intent);
        var method = _objects.Get(found.Text("payment_method"), "payment_method");
        if (isPaid)
        {
            _world.Payments.Settle(found, method);
        }
        else
        {
            _world.Payments.Fail(found, method, StripeRefusal.Card("payment_intent_payment_attempt_failed", "", "The debit failed."));
        }

        _world.Checkouts.Settled(found, isPaid);
    });

    /// <summary>The subscription's next period comes. The id of its invoice, paid or not; null: the subscription has ended.</summary>
    public string? BillNext(string subscription) => Locked(() => _world.Subscriptions.Renew(_world.Subscriptions.Get(subscription))?.Id());

    /// <summary>An open invoice of a subscription is tried again. Whether it is paid now.</summary>
    public bool RetryInvoice(string invoice) => Locked(() =>
    {
        var found = _objects.Get(invoice, "invoice");
        _world.Subscriptions.Retry(_world.Subscriptions.Get(Objects.StripeInvoices.SubscriptionOf(found)), found);
        return found.Text("status") == "paid";
    });

    /// <summary>Stripe gives a subscription up after its last try.</summary>
    public void EndSubscription(string subscription) =>
        Locked(() => _world.Subscriptions.End(_world.Subscriptions.Get(subscription), "payment_failed"));

    /// <summary>Somebody refunds in Stripe's own pages. The refund's id.</summary>
    public string Refund(string intent, long? amount = null, bool isPending = false) => Locked(() => _world.Refunds.Create(
        new JsonObject { ["payment_intent"] = intent, ["amount"] = amount?.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        isPending ? "pending" : "succeeded").Id());

    /// <summary>What became of a refund: <c>succeeded</c>, <c>failed</c> or <c>canceled</c>.</summary>
    public void BecomeRefund(string refund, string status) => Locked(() => _world.Refunds.Become(_world.Refunds.Get(refund), status));

    /// <summary>The cardholder complains. The dispute's id.</summary>
    public string Dispute(string intent, long? amount = null, bool isInquiry = false) => Locked(() => _world.Disputes.Open(
        _objects.Get(_world.Payments.Get(intent).Text("latest_charge"), "charge"), amount, isInquiry).Id());

    public void CloseDispute(string dispute, bool isWon) => Locked(() => _world.Disputes.Close(_world.Disputes.Get(dispute), isWon));

    internal string? Attempt(Action act) => Locked(() =>
    {
        try
        {
            act();
            return null;
        }
        catch (StripeRefusal refused) when (refused.IsKept)
        {
            return refused.Error.Text("code");
        }
    });
}

/// <summary>A payment that was taken.</summary>
/// <param name="ChargeId">Once for each time that the customer's money was taken.</param>
/// <param name="IntentId">Its payment intent.</param>
/// <param name="Amount">In the smallest unit.</param>
/// <param name="Currency">In small letters, as Stripe writes it.</param>
/// <param name="Customer">Null: somebody who was not told of.</param>
/// <param name="Metadata">The intent's.</param>
/// <param name="Invoice">Null: it paid none.</param>
/// <param name="Refunded">Of it, given back since.</param>
public sealed record StripePayment(
    string ChargeId, string IntentId, long Amount, string Currency, string? Customer, IReadOnlyDictionary<string, string> Metadata,
    string? Invoice, long Refunded);
