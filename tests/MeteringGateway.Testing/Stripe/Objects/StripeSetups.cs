using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe.Objects;

/// <summary>Setup intents: a method is saved, nothing is paid.</summary>
internal sealed class StripeSetups
{
    private readonly StripeWorld _world;

    public StripeSetups(StripeWorld world)
    {
        _world = world;
        world.Routes
            .Post("/v1/setup_intents", call => Create(call.Form))
            .Get("/v1/setup_intents", call => StripeLists.Page(
                world.Objects.Of("setup_intent").Where(intent => StripePayments.IsOf(intent, call.Form, "customer")), call.Path, call.Form))
            .Get("/v1/setup_intents/*", call => Get(call.Id))
            .Post("/v1/setup_intents/*/cancel", call => Cancel(Get(call.Id), call.Form))
            .Post("/v1/setup_intents/*/confirm", call => Confirm(
                Get(call.Id), _world.Methods.Get(call.Form.Text("payment_method") ?? Get(call.Id).Text("payment_method") ?? "")));
    }

    public JsonObject Create(JsonObject form)
    {
        var intent = _world.Objects.Add(
            "setup_intent", "seti", ("customer", form.Text("customer") is { } id ? _world.Customers.Get(id).Id() : null));
        intent.Take(form, "description", "payment_method_types").Merge(form["metadata"]);
        intent.Set(("client_secret", intent.Id() + "_secret_double"));
        _world.Events.Add("setup_intent.created", intent);
        return form.Truth("confirm") ? Confirm(intent, _world.Methods.Get(form.Text("payment_method") ?? "")) : intent;
    }

    public JsonObject Confirm(JsonObject intent, JsonObject method)
    {
        var card = _world.Methods.Card(method);
        intent.Set(("payment_method", method.Id()));
        switch (card.Behaviour)
        {
            case CardBehaviour.Declines:
                var refusal = StripePaymentMethods.Declined(card).With(("payment_method", method.DeepClone()));
                intent.Set(("last_setup_error", refusal.Error.DeepClone()), ("payment_method", null));
                _world.Events.Add("setup_intent.setup_failed", intent);
                throw refusal.With(("setup_intent", intent.DeepClone()));
            case CardBehaviour.Authenticates when intent.Text("status") != "requires_action":
                intent.Set(("status", "requires_action"), ("next_action", new JsonObject { ["type"] = "use_stripe_sdk" }));
                _world.Events.Add("setup_intent.requires_action", intent);
                return intent;
            default:
                if (intent.Text("customer") is { } customer)
                {
                    _world.Methods.Attach(method, _world.Customers.Get(customer));
                }

                intent.Set(("status", "succeeded"), ("next_action", null), ("last_setup_error", null));
                _world.Events.Add("setup_intent.succeeded", intent);
                return intent;
        }
    }

    private JsonObject Get(string id) => _world.Objects.Get(id, "setup_intent");

    private JsonObject Cancel(JsonObject intent, JsonObject form)
    {
        intent.Set(("status", "canceled"), ("cancellation_reason", form.Text("cancellation_reason")));
        _world.Events.Add("setup_intent.canceled", intent);
        return intent;
    }
}
