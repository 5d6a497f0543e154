using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe.Objects;

/// <summary>Cards and debits, and what each of them does when it is charged.</summary>
internal sealed class StripePaymentMethods
{
    private const string TestCard = "pm_card_";
    private readonly StripeWorld _world;
    private readonly Dictionary<string, StripeCard> _cards = [];

    public StripePaymentMethods(StripeWorld world)
    {
        _world = world;
        world.Routes
            .Post("/v1/payment_methods", call => Create(call.Form))
            .Get("/v1/payment_methods", call => StripeLists.Page(Of(world.Customers.Named(call.Form)), call.Path, call.Form))
            .Get("/v1/customers/*/payment_methods", call => StripeLists.Page(Of(world.Customers.Get(call.Id)), call.Path, call.Form))
            .Get("/v1/payment_methods/*", call => world.Objects.Get(call.Id, "payment_method"))
            .Post("/v1/payment_methods/*", call => Change(world.Objects.Get(call.Id, "payment_method"), call.Form))
            .Post("/v1/payment_methods/*/attach", call => Attach(Get(call.Id), world.Customers.Named(call.Form)))
            .Post("/v1/payment_methods/*/detach", call => Detach(world.Objects.Get(call.Id, "payment_method")));
    }

    /// <summary>The method of this id; the name of a test card makes a new one, as at Stripe.</summary>
    public JsonObject Get(string id) => id.StartsWith(TestCard, StringComparison.Ordinal)
        ? Make(StripeCards.Named(id[TestCard.Length..]))
        : _world.Objects.Get(id, "payment_method");

    /// <summary>The one that a form names.</summary>
    public JsonObject Named(string id) => id.StartsWith(TestCard, StringComparison.Ordinal) || _world.Objects.Find(id) is not null
        ? Get(id)
        : throw StripeRefusal.MissingParam("PaymentMethod", id, "payment_method");

    public StripeCard Card(JsonObject method) => _cards[method.Id()];

    /// <summary>From now on the method does as another test card.</summary>
    public void Turn(string id, string card) => _cards[id] = StripeCards.Named(card);

    public IEnumerable<JsonObject> Of(JsonObject customer) =>
        _world.Objects.Of("payment_method").Where(method => method.Text("customer") == customer.Id());

    public JsonObject Attach(JsonObject method, JsonObject customer)
    {
        if (method.Text("customer") is { } owner && owner != customer.Id())
        {
            throw StripeRefusal.Invalid("The payment method you provided has already been attached to a customer.", "customer");
        }

        if (Card(method).Behaviour == CardBehaviour.Declines)
        {
            throw Declined(Card(method));
        }

        method.Set(("customer", customer.Id()));
        _world.Events.Add("payment_method.attached", method);
        return method;
    }

    public static StripeRefusal Declined(StripeCard card) =>
        StripeRefusal.Card(card.Code, card.Decline, card.Code == "expired_card" ? "Your card has expired." : "Your card was declined.");

    private JsonObject Create(JsonObject form)
    {
        var card = form.Text("type") switch
        {
            "card" when form.Text("card", "token") is { } token => StripeCards.Named(token["tok_".Length..]),
            "card" when form.Text("card", "number") is "4242424242424242" => StripeCards.Named("visa"),
            "sepa_debit" => StripeCards.Debit,
            _ => throw StripeRefusal.Invalid("The double knows cards by their tokens, and sepa_debit.", "type"),
        };
        return Make(card);
    }

    public JsonObject Make(StripeCard card)
    {
        var isCard = card != StripeCards.Debit;
        var method = _world.Objects.Add("payment_method", "pm", ("type", isCard ? "card" : "sepa_debit"));
        _cards[method.Id()] = card;
        if (isCard)
        {
            return method.Set(("card", Describe(card)));
        }

        method.Remove("card");
        return method.Set(("sepa_debit", new JsonObject { ["bank_code"] = "19043", ["country"] = "AT", ["last4"] = card.Last4 }));
    }

    public static JsonObject Describe(StripeCard card) => new()
    {
        ["brand"] = card.Brand,
        ["country"] = "US",
        ["display_brand"] = card.Brand,
        ["exp_month"] = 8,
        ["exp_year"] = 2030,
        ["fingerprint"] = $"double{card.Last4}",
        ["funding"] = "credit",
        ["last4"] = card.Last4,
        ["networks"] = new JsonObject { ["available"] = new JsonArray(card.Brand), ["preferred"] = null },
        ["wallet"] = null,
    };

    private JsonObject Change(JsonObject method, JsonObject form)
    {
        _world.Events.Add("payment_method.updated", method.Merge(form["metadata"]), []);
        return method;
    }

    private JsonObject Detach(JsonObject method)
    {
        var owner = _world.Objects.Find(method.Text("customer"), "customer")
            ?? throw StripeRefusal.Invalid("The payment method you provided is not attached to a customer.", "payment_method");
        if (owner.Text("invoice_settings", "default_payment_method") == method.Id())
        {
            ((JsonObject)owner["invoice_settings"]!).Set(("default_payment_method", null));
        }

        method.Set(("customer", null));
        // It can't be attached again, nor used.
        _cards[method.Id()] = new StripeCard("visa", "0002", CardBehaviour.Declines);
        _world.Events.Add("payment_method.detached", method);
        return method;
    }
}
