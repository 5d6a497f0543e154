using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe.Objects;

/// <summary>Invoices, of subscriptions and by hand, and what has paid them.</summary>
internal sealed class StripeInvoices
{
    private readonly StripeWorld _world;
    private readonly Dictionary<string, List<JsonObject>> _pending = [];

    public StripeInvoices(StripeWorld world)
    {
        _world = world;
        world.Routes
            .Post("/v1/invoiceitems", call => AddItem(call.Form))
            .Post("/v1/invoices", call => CreateByHand(call.Form))
            .Get("/v1/invoices", call => StripeLists.Page(
                world.Objects.Of("invoice").Where(invoice => StripePayments.IsOf(invoice, call.Form, "customer")
                    && (call.Form.Text("subscription") is not { } id || SubscriptionOf(invoice) == id)), call.Path, call.Form))
            .Get("/v1/invoices/*", call => Get(call.Id))
            .Post("/v1/invoices/*/finalize", call => Finish(Get(call.Id)))
            .Post("/v1/invoices/*/pay", call => PayByHand(Get(call.Id), call.Form))
            .Get("/v1/invoice_payments", call => StripeLists.Page(
                world.Objects.Of("invoice_payment").Where(payment => StripePayments.IsOf(payment, call.Form, "invoice")
                    && (call.Form.Text("payment", "payment_intent") is not { } id || payment.Text("payment", "payment_intent") == id)),
                call.Path, call.Form))
            .Get("/v1/invoice_payments/*", call => world.Objects.Get(call.Id, "invoice_payment"));
    }

    public static string? SubscriptionOf(JsonObject invoice) => invoice.Text("parent", "subscription_details", "subscription");

    /// <summary>An invoice of one line, open to be paid.</summary>
    public JsonObject Open(JsonObject customer, JsonObject line, string reason, JsonObject? subscription)
    {
        var invoice = Draft(customer, [line], reason);
        if (subscription is not null)
        {
            invoice.Set(("parent", new JsonObject
            {
                ["type"] = "subscription_details",
                ["quote_details"] = null,
                ["subscription_details"] = new JsonObject
                {
                    ["metadata"] = subscription["metadata"]!.DeepClone(),
                    ["subscription"] = subscription.Id(),
                },
            }));
            subscription.Set(("latest_invoice", invoice.Id()));
        }

        _world.Events.Add("invoice.created", invoice);
        return Finish(invoice);
    }

    /// <summary>Tries to pay. Null: it is paid, or under way; else why not.</summary>
    /// <param name="invoice">Is open.</param>
    /// <param name="method">Which is charged.</param>
    /// <param name="intent">A payment that was made for it before; null: one is made.</param>
    public StripeRefusal? Try(JsonObject invoice, JsonObject method, JsonObject? intent = null)
    {
        var isNew = intent is null;
        var amount = invoice.Whole("amount_due")!.Value;
        if (amount == 0)
        {
            Pay(invoice, null);
            return null;
        }

        intent ??= PaymentOf(invoice) ?? _world.Payments.Open(
            amount, invoice.Text("currency")!, invoice.Text("customer"), new JsonObject { ["description"] = "Subscription update" });
        if (PaymentOf(invoice) is null)
        {
            _world.Objects.Add(
                "invoice_payment", "inpay", ("invoice", invoice.Id()), ("amount_requested", amount), ("currency", invoice.Text("currency")),
                ("payment", new JsonObject { ["type"] = "payment_intent", ["payment_intent"] = intent.Id() }));
        }

        invoice.Set(("attempted", true), ("attempt_count", invoice.Whole("attempt_count") + 1));
        var refusal = isNew ? _world.Payments.Try(intent, method, isOffSession: true) : null;
        if (refusal is not null)
        {
            invoice.Set(("next_payment_attempt", _world.Objects.Now + 86_400));
            if (refusal.Error.Text("code") == "authentication_required")
            {
                _world.Events.Add("invoice.payment_action_required", invoice);
            }

            _world.Events.Add("invoice.payment_failed", invoice);
        }
        else if (intent.Text("status") == "succeeded")
        {
            Pay(invoice, intent);
        }

        return refusal;
    }

    private JsonObject Get(string? id) => _world.Objects.Get(id, "invoice");

    private JsonObject? InvoicePaymentOf(JsonObject invoice) =>
        _world.Objects.Of("invoice_payment").FirstOrDefault(payment => payment.Text("invoice") == invoice.Id());

    private JsonObject? PaymentOf(JsonObject invoice) =>
        InvoicePaymentOf(invoice) is { } payment ? _world.Payments.Get(payment.Text("payment", "payment_intent")) : null;

    private void Pay(JsonObject invoice, JsonObject? intent)
    {
        var now = _world.Objects.Now;
        invoice.Set(
            ("status", "paid"), ("amount_paid", invoice.Whole("amount_due")), ("amount_remaining", 0), ("attempted", true),
            ("next_payment_attempt", null));
        ((JsonObject)invoice["status_transitions"]!).Set(("paid_at", now));
        if (intent is not null && InvoicePaymentOf(invoice) is { } payment)
        {
            payment.Set(("status", "paid"), ("amount_paid", invoice.Whole("amount_due")));
            ((JsonObject)payment["status_transitions"]!).Set(("paid_at", now));
            _world.Events.Add("invoice_payment.paid", payment);
        }

        _world.Events.Add("invoice.paid", invoice);
        _world.Events.Add("invoice.payment_succeeded", invoice);
    }

    private JsonObject Finish(JsonObject invoice)
    {
        if (invoice.Text("status") == "draft")
        {
            var place = _world.Objects.Of("invoice").Count();
            invoice.Set(
                ("status", "open"), ("number", $"D0UB1E-{place:0000}"), ("effective_at", _world.Objects.Now),
                ("hosted_invoice_url", $"{_world.Address}/i/{invoice.Id()}"));
            ((JsonObject)invoice["status_transitions"]!).Set(("finalized_at", _world.Objects.Now));
            _world.Events.Add("invoice.finalized", invoice);
        }

        return invoice;
    }

    private JsonObject Draft(JsonObject customer, List<JsonObject> lines, string reason)
    {
        var total = lines.Sum(line => line.Whole("amount") ?? 0);
        var invoice = _world.Objects.Add("invoice", "in", ("customer", customer.Id()), ("billing_reason", reason));
        foreach (var line in lines)
        {
            line.Set(("invoice", invoice.Id()));
        }

        return invoice.Set(
            ("amount_due", total), ("amount_remaining", total), ("subtotal", total), ("subtotal_excluding_tax", total), ("total", total),
            ("total_excluding_tax", total),
            ("currency", lines.Count > 0 ? lines[0].Text("currency") : "usd"), ("customer_email", customer.Text("email")),
            ("period_start", _world.Objects.Now), ("period_end", _world.Objects.Now),
            ("lines", StripeLists.List(lines, $"/v1/invoices/{invoice.Id()}/lines")));
    }

    private JsonObject AddItem(JsonObject form)
    {
        var customer = _world.Customers.Get(form.Text("customer"));
        var line = _world.Objects.Make(
            "line_item", "il", ("amount", form.Whole("amount")), ("currency", form.Text("currency")),
            ("description", form.Text("description")));
        if (!_pending.TryGetValue(customer.Id(), out var lines))
        {
            _pending[customer.Id()] = lines = [];
        }

        lines.Add(line);
        return new JsonObject { ["id"] = line.Id().Replace("il_", "ii_", StringComparison.Ordinal), ["object"] = "invoiceitem" };
    }

    private JsonObject CreateByHand(JsonObject form)
    {
        var customer = _world.Customers.Get(form.Text("customer"));
        _pending.Remove(customer.Id(), out var lines);
        var invoice = Draft(customer, lines ?? [], "manual").Take(form, "description").Merge(form["metadata"]);
        _world.Events.Add("invoice.created", invoice);
        return invoice;
    }

    private JsonObject PayByHand(JsonObject invoice, JsonObject form)
    {
        var customer = _world.Customers.Get(invoice.Text("customer"));
        var method = form.Text("payment_method") is { } id ? _world.Methods.Get(id) : _world.Customers.DefaultMethod(customer);
        if (invoice.Text("status") == "paid")
        {
            throw StripeRefusal.Invalid("Invoice is already paid", null, "invoice_already_paid");
        }

        return Try(Finish(invoice), method ?? throw StripeSubscriptions.NoMethod()) is { } refusal ? throw refusal : invoice;
    }
}
