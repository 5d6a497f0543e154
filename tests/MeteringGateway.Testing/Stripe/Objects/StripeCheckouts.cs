using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe.Objects;

/// <summary>Checkout sessions, and what comes of their page.</summary>
internal sealed class StripeCheckouts
{
    private const int DefaultHours = 24;
    private readonly StripeWorld _world;
    private readonly Dictionary<string, (JsonObject Form, List<JsonObject> Lines)> _asked = [];

    public StripeCheckouts(StripeWorld world)
    {
        _world = world;
        world.Routes
            .Post("/v1/checkout/sessions", call => Create(call.Form))
            .Get("/v1/checkout/sessions", call => StripeLists.Page(
                world.Objects.Of("checkout.session").Where(session => StripePayments.IsOf(
                        session, world.Customers.Checked(call.Form), "customer")
                    && StripePayments.IsOf(session, call.Form, "payment_intent")
                    && StripePayments.IsOf(session, call.Form, "subscription") && StripePayments.IsOf(session, call.Form, "status")),
                call.Path, call.Form))
            .Get("/v1/checkout/sessions/*", call => Get(call.Id))
            .Get("/v1/checkout/sessions/*/line_items", call => StripeLists.List(_asked[Get(call.Id).Id()].Lines, call.Path))
            .Post("/v1/checkout/sessions/*/expire", call => Expire(Get(call.Id)))
            // The hosted page's own calls, which Stripe's command line makes in its place.
            .Get("/v1/payment_pages/*", call => new JsonObject { ["id"] = call.Id, ["object"] = "checkout.session" })
            .Post("/v1/payment_pages/*/confirm", call =>
                Complete(Get(call.Id), _world.Methods.Get(call.Form.Text("payment_method") ?? ""), call.Form.Whole("expected_amount")));
    }

    public JsonObject Get(string? id) => _world.Objects.Get(id, "checkout.session");

    /// <summary>The customer pays with this method, or saves it.</summary>
    public JsonObject Complete(JsonObject session, JsonObject method, long? expected = null)
    {
        if (session.Text("status") != "open")
        {
            throw StripeRefusal.Invalid($"This Checkout Session is {session.Text("status")}.", "session");
        }

        if (expected is not null && expected != session.Whole("amount_total"))
        {
            throw StripeRefusal.Invalid("The amount of the session has changed.", "expected_amount");
        }

        var (form, lines) = _asked[session.Id()];
        var customer = CustomerOf(session, form);
        switch (session.Text("mode"))
        {
            case "setup":
                var setup = _world.Setups.Create(With(form["setup_intent_data"], ("customer", session.Text("customer"))));
                session.Set(("setup_intent", setup.Id()));
                if (_world.Setups.Confirm(setup, method).Text("status") == "requires_action")
                {
                    // The customer is there, and confirms.
                    _world.Setups.Confirm(setup, method);
                }

                return Finish(session, "no_payment_required");
            case "subscription":
                var first = _world.Payments.Open(
                    session.Whole("amount_total")!.Value, session.Text("currency")!, customer!.Id(),
                    new JsonObject { ["description"] = "Subscription creation" });
                Pay(first, method);
                _world.Methods.Attach(method, customer!);
                var subscription = _world.Subscriptions.Create(
                    customer!, (JsonObject)lines[0]["price"]!, form["subscription_data"] as JsonObject, method, first);
                session.Set(("subscription", subscription.Id()), ("invoice", subscription.Text("latest_invoice")));
                return Finish(session, "paid");
            default:
                var intent = _world.Objects.Find(session.Text("payment_intent")) ?? _world.Payments.Open(
                    session.Whole("amount_total")!.Value, session.Text("currency")!, customer?.Id(),
                    form["payment_intent_data"] as JsonObject ?? []);
                session.Set(("payment_intent", intent.Id()));
                Pay(intent, method);
                return Finish(session, intent.Text("status") == "succeeded" ? "paid" : "unpaid");
        }
    }

    /// <summary>What became of a slow payment.</summary>
    public void Settled(JsonObject intent, bool isPaid)
    {
        var session = _world.Objects.Of("checkout.session").FirstOrDefault(one => one.Text("payment_intent") == intent.Id());
        if (session is null)
        {
            return;
        }

        session.Set(("payment_status", isPaid ? "paid" : "unpaid"));
        _world.Events.Add($"checkout.session.async_payment_{(isPaid ? "succeeded" : "failed")}", session);
    }

    public JsonObject Expire(JsonObject session)
    {
        if (session.Text("status") != "open")
        {
            throw StripeRefusal.Invalid(
                $"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of "
                    + $"{session.Text("status")}.", "session");
        }

        session.Set(("status", "expired"), ("url", null), ("expires_at", _world.Objects.Now));
        _world.Events.Add("checkout.session.expired", session);
        return session;
    }

    private JsonObject Create(JsonObject form)
    {
        var mode = form.Text("mode");
        if (mode is not ("payment" or "subscription" or "setup"))
        {
            throw StripeRefusal.Invalid("mode is payment, subscription or setup.", "mode");
        }

        var leadsTo = form.Text("success_url")?.Replace("{CHECKOUT_SESSION_ID}", "x", StringComparison.Ordinal);
        if (!Uri.IsWellFormedUriString(leadsTo, UriKind.Absolute))
        {
            throw StripeRefusal.Invalid("Not a valid URL", "success_url", "url_invalid");
        }

        var lines = form.Items("line_items").Select((line, place) => Line(line, mode, $"line_items[{place}]")).ToList();
        if (lines.Count == 0 != (mode == "setup"))
        {
            throw StripeRefusal.Invalid("line_items is required in payment and subscription mode.", "line_items");
        }

        var customer = form["customer"] is null ? null : _world.Customers.Named(form).Id();
        var session = _world.Objects.Add("checkout.session", "cs_test", ("mode", mode), ("customer", customer));
        session.Take(form, "success_url", "cancel_url", "client_reference_id", "customer_email", "currency", "payment_method_types")
            .Merge(form["metadata"]);
        session.Set(("url", $"{_world.Address}/c/pay/{session.Id()}"), ("expires_at", Expiry(form)));
        if (form["adaptive_pricing"] is not null)
        {
            session.Set(("adaptive_pricing", new JsonObject { ["enabled"] = form.Truth("adaptive_pricing", "enabled") }));
        }

        if (mode != "setup")
        {
            var total = lines.Sum(line => line.Whole("amount_total") ?? 0);
            session.Set(
                ("amount_subtotal", total), ("amount_total", total), ("currency", lines[0].Text("currency")),
                ("total_details", new JsonObject { ["amount_discount"] = 0, ["amount_shipping"] = 0, ["amount_tax"] = 0 }));
        }

        _asked[session.Id()] = (form, lines);
        return session;
    }

    private long Expiry(JsonObject form)
    {
        var now = _world.Objects.Now;
        var at = form.Whole("expires_at") ?? now + DefaultHours * 3600;
        return at >= now + 1800 && at <= now + DefaultHours * 3600
            ? at
            : throw StripeRefusal.Invalid("The `expires_at` timestamp must be 30 minutes to 24 hours from now.", "expires_at");
    }

    private JsonObject Line(JsonObject form, string mode, string param)
    {
        var price = form.Text("price") is { } id ? _world.Catalog.GetPrice(id)
            : form["price_data"] is JsonObject data ? _world.Catalog.CreatePrice(data)
            : throw StripeRefusal.Invalid("A line has a price or price_data.", param);
        if (!price.Truth("active") || (price.Text("type") == "recurring") != (mode == "subscription"))
        {
            throw StripeRefusal.Invalid($"The price is inactive, or not one for {mode} mode.", param);
        }

        var count = form.Whole("quantity") ?? 1;
        var amount = price.Whole("unit_amount") * count;
        return _world.Objects.Make(
            "item", "li", ("quantity", count), ("price", price.DeepClone()), ("currency", price.Text("currency")),
            ("amount_subtotal", amount), ("amount_total", amount),
            ("description", _world.Objects.Get(price.Text("product"), "product").Text("name")));
    }

    /// <summary>Without one a customer is made where something is to be charged later.</summary>
    private JsonObject? CustomerOf(JsonObject session, JsonObject form)
    {
        if (session.Text("customer") is { } id)
        {
            return _world.Customers.Get(id);
        }

        if (session.Text("mode") == "payment" && form.Text("customer_creation") != "always"
            && form.Text("payment_intent_data", "setup_future_usage") is null)
        {
            return null;
        }

        var customer = _world.Customers.Create(With(null, ("email", session.Text("customer_email") ?? "page@example.com")));
        session.Set(("customer", customer.Id()));
        return customer;
    }

    private void Pay(JsonObject intent, JsonObject method)
    {
        if (_world.Methods.Card(method).Behaviour == CardBehaviour.Authenticates)
        {
            // The customer is there, and confirms.
            intent.Set(("payment_method", method.Id()));
            _world.Payments.Settle(intent, method);
        }
        else if (_world.Payments.Try(intent, method, isOffSession: false) is { } refusal)
        {
            throw refusal;
        }
    }

    private JsonObject Finish(JsonObject session, string paymentStatus)
    {
        session.Set(
            ("status", "complete"), ("payment_status", paymentStatus), ("url", null),
            ("customer_details", new JsonObject
            {
                ["address"] = null,
                ["email"] = session.Text("customer_email") ?? "page@example.com",
                ["name"] = null,
                ["phone"] = null,
                ["tax_exempt"] = "none",
                ["tax_ids"] = new JsonArray(),
            }));
        _world.Events.Add("checkout.session.completed", session);
        return session;
    }

    private static JsonObject With(JsonNode? form, params ReadOnlySpan<(string Name, JsonNode? Value)> fields) =>
        (form as JsonObject is { } given ? (JsonObject)given.DeepClone() : []).Set(fields);
}
