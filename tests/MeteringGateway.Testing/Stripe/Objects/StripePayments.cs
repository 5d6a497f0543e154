using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe.Objects;

/// <summary>Payment intents and the charges that come of them.</summary>
internal sealed class StripePayments
{
    private readonly StripeWorld _world;

    public StripePayments(StripeWorld world)
    {
        _world = world;
        world.Routes
            .Post("/v1/payment_intents", call => Create(call.Form))
            .Get("/v1/payment_intents", call => StripeLists.Page(
                world.Objects.Of("payment_intent").Where(intent => IsOf(intent, world.Customers.Checked(call.Form), "customer")),
                call.Path, call.Form))
            .Get("/v1/payment_intents/*", call => Get(call.Id))
            .Post("/v1/payment_intents/*", call => Get(call.Id).Take(call.Form, "description").Merge(call.Form["metadata"]))
            .Post("/v1/payment_intents/*/confirm", call => Confirm(Get(call.Id), call.Form))
            .Post("/v1/payment_intents/*/cancel", call => Cancel(Get(call.Id), call.Form))
            .Post("/v1/payment_intents/*/capture", call => Capture(Get(call.Id)))
            .Get("/v1/charges", call => StripeLists.Page(
                world.Objects.Of("charge").Where(charge =>
                    IsOf(charge, call.Form, "customer") && IsOf(charge, call.Form, "payment_intent")), call.Path, call.Form))
            .Get("/v1/charges/*", call => world.Objects.Get(call.Id, "charge"));
    }

    public JsonObject Get(string? id) => _world.Objects.Get(id, "payment_intent");

    public static bool IsOf(JsonObject thing, JsonObject form, string name) => form.Text(name) is not { } id || thing.Text(name) == id;

    /// <summary>One that nobody has tried to pay.</summary>
    public JsonObject Open(long amount, string currency, string? customer, JsonObject form)
    {
        if (amount <= 0 || !StripeCatalog.IsCurrency(currency))
        {
            throw StripeRefusal.Invalid($"Invalid currency or amount: {currency} {amount}", "amount");
        }

        var intent = _world.Objects.Add("payment_intent", "pi", ("amount", amount), ("currency", currency), ("customer", customer));
        intent.Take(form, "description", "setup_future_usage", "capture_method", "payment_method_types").Merge(form["metadata"]);
        intent.Set(("client_secret", intent.Id() + "_secret_double"));
        _world.Events.Add("payment_intent.created", intent);
        return intent;
    }

    /// <summary>Tries to pay. Null: it is paid, under way, or waits for the customer; else why not.</summary>
    public StripeRefusal? Try(JsonObject intent, JsonObject method, bool isOffSession, bool mayWait = true)
    {
        if (intent.Text("customer") is { } customer && method.Text("customer") is { } owner && owner != customer)
        {
            throw StripeRefusal.Invalid("The provided PaymentMethod belongs to another customer.", "payment_method");
        }

        intent.Set(("payment_method", method.Id()), ("last_payment_error", null));
        var card = _world.Methods.Card(method);
        switch (card.Behaviour)
        {
            case CardBehaviour.IsSlow:
                intent.Set(("status", "processing"));
                _world.Events.Add("payment_intent.processing", intent);
                return null;
            case CardBehaviour.Authenticates when !isOffSession && mayWait:
                intent.Set(("status", "requires_action"), ("next_action", new JsonObject { ["type"] = "use_stripe_sdk" }));
                _world.Events.Add("payment_intent.requires_action", intent);
                return null;
            case CardBehaviour.Authenticates:
                return Fail(intent, method, StripeRefusal.Card(
                    "authentication_required", "authentication_required",
                    "Your card was declined. This transaction requires authentication."));
            case CardBehaviour.Declines or CardBehaviour.DeclinesCharges:
                return Fail(intent, method, StripePaymentMethods.Declined(card));
            default:
                Settle(intent, method);
                return null;
        }
    }

    /// <summary>The money is there.</summary>
    public void Settle(JsonObject intent, JsonObject method)
    {
        var isManual = intent.Text("capture_method") == "manual";
        var charge = Charge(intent, method);
        charge.Set(
            ("captured", !isManual), ("amount_captured", isManual ? 0 : intent.Whole("amount")),
            ("balance_transaction", isManual ? null : $"txn_{charge.Id()}"));
        _world.Events.Add("charge.succeeded", charge);
        if (isManual)
        {
            intent.Set(("status", "requires_capture"), ("amount_capturable", intent.Whole("amount")));
            _world.Events.Add("payment_intent.amount_capturable_updated", intent);
            return;
        }

        intent.Set(("status", "succeeded"), ("amount_received", intent.Whole("amount")), ("next_action", null));
        if (intent.Text("setup_future_usage") is not null && intent.Text("customer") is { } customer && method.Text("customer") is null)
        {
            _world.Methods.Attach(method, _world.Customers.Get(customer));
        }

        _world.Events.Add("payment_intent.succeeded", intent);
        if (_world.Methods.Card(method).Behaviour is CardBehaviour.Disputes or CardBehaviour.Inquires)
        {
            _world.Disputes.Open(charge, null, _world.Methods.Card(method).Behaviour == CardBehaviour.Inquires);
        }
    }

    /// <summary>What a decline leaves: an intent without its method, which can be tried again.</summary>
    public StripeRefusal Fail(JsonObject intent, JsonObject method, StripeRefusal refusal)
    {
        var charge = Charge(intent, method).Set(
            ("status", "failed"), ("paid", false), ("captured", false), ("failure_code", refusal.Error.Text("code")),
            ("failure_message", refusal.Error.Text("message")));
        _world.Events.Add("charge.failed", charge);
        refusal.With(("charge", charge.Id()), ("payment_method", method.DeepClone()));
        intent.Set(
            ("status", "requires_payment_method"), ("payment_method", null), ("next_action", null),
            ("last_payment_error", refusal.Error.DeepClone()));
        _world.Events.Add("payment_intent.payment_failed", intent);
        return refusal.With(("payment_intent", intent.DeepClone()));
    }

    public JsonObject Cancel(JsonObject intent, JsonObject form)
    {
        if (intent.Text("status") is "succeeded" or "canceled" or "processing")
        {
            throw StripeRefusal.Invalid(
                $"You cannot cancel this PaymentIntent because it has a status of {intent.Text("status")}.", "intent",
                "payment_intent_unexpected_state");
        }

        intent.Set(
            ("status", "canceled"), ("canceled_at", _world.Objects.Now), ("cancellation_reason", form.Text("cancellation_reason")),
            ("amount_capturable", 0));
        _world.Events.Add("payment_intent.canceled", intent);
        return intent;
    }

    private JsonObject Create(JsonObject form)
    {
        var customer = form["customer"] is null ? null : _world.Customers.Named(form).Id();
        if (form.Truth("off_session") && !form.Truth("confirm"))
        {
            throw StripeRefusal.Invalid("off_session can only be set when confirm is true.", "off_session");
        }

        var method = form.Text("payment_method") is { } given ? _world.Methods.Named(given) : null;
        var amount = form.Whole("amount") ?? throw StripeRefusal.Invalid("Missing required param: amount.", "amount");
        var currency = form.Text("currency") ?? throw StripeRefusal.Invalid("Missing required param: currency.", "currency");
        var intent = Open(amount, currency, customer, form);
        if (form.Truth("confirm"))
        {
            return Confirm(intent, form, method);
        }

        return method is null ? intent : intent.Set(("payment_method", method.Id()), ("status", "requires_confirmation"));
    }

    private JsonObject Confirm(JsonObject intent, JsonObject form, JsonObject? method = null)
    {
        if (intent.Text("status") is not ("requires_payment_method" or "requires_confirmation" or "requires_action"))
        {
            throw StripeRefusal.Invalid(
                $"You cannot confirm this PaymentIntent because it has a status of {intent.Text("status")}.", "intent",
                "payment_intent_unexpected_state");
        }

        method ??= (form.Text("payment_method") ?? intent.Text("payment_method")) is { } id
            ? _world.Methods.Get(id)
            : throw StripeRefusal.Invalid(
                "You cannot confirm this PaymentIntent because it's missing a payment method.", "payment_method",
                "payment_intent_unexpected_state");
        return Try(intent, method, form.Truth("off_session"), !form.Truth("error_on_requires_action")) is { } refusal
            ? throw refusal
            : intent;
    }

    private JsonObject Capture(JsonObject intent)
    {
        if (intent.Text("status") != "requires_capture")
        {
            throw StripeRefusal.Invalid("This PaymentIntent could not be captured.", "intent", "payment_intent_unexpected_state");
        }

        var charge = _world.Objects.Get(intent.Text("latest_charge"), "charge").Set(
            ("captured", true), ("amount_captured", intent.Whole("amount")), ("balance_transaction", "txn_captured"));
        intent.Set(("status", "succeeded"), ("amount_capturable", 0), ("amount_received", intent.Whole("amount")));
        _world.Events.Add("charge.captured", charge);
        _world.Events.Add("payment_intent.succeeded", intent);
        return intent;
    }

    private JsonObject Charge(JsonObject intent, JsonObject method)
    {
        var card = _world.Methods.Card(method);
        var charge = _world.Objects.Add(
            "charge", "ch", ("amount", intent.Whole("amount")), ("currency", intent.Text("currency")),
            ("customer", intent.Text("customer")), ("description", intent.Text("description")),
            ("metadata", intent["metadata"]!.DeepClone()), ("payment_intent", intent.Id()), ("payment_method", method.Id()));
        charge.Set(("payment_method_details", method.Text("type") == "card"
            ? new JsonObject { ["type"] = "card", ["card"] = StripePaymentMethods.Describe(card) }
            : new JsonObject { ["type"] = "sepa_debit", ["sepa_debit"] = new JsonObject { ["last4"] = card.Last4 } }));
        intent.Set(("latest_charge", charge.Id()));
        return charge;
    }
}
