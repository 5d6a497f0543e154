using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe.Objects;

internal sealed class StripeCustomers
{
    private readonly StripeWorld _world;

    public StripeCustomers(StripeWorld world)
    {
        _world = world;
        world.Routes
            .Post("/v1/customers", call => Create(call.Form))
            .Get("/v1/customers", call => StripeLists.Page(
                world.Objects.Of("customer").Where(customer => StripePayments.IsOf(customer, call.Form, "email")), call.Path, call.Form))
            .Get("/v1/customers/*", call => Get(call.Id))
            .Post("/v1/customers/*", call => Change(Get(call.Id), call.Form))
            .Delete("/v1/customers/*", call => Delete(Get(call.Id)))
            .Post("/v1/billing_portal/sessions", call => OpenPortal(call.Form));
    }

    public JsonObject Get(string? id) => _world.Objects.Get(id, "customer");

    /// <summary>The one that a form names.</summary>
    public JsonObject Named(JsonObject form) => _world.Objects.Find(form.Text("customer"), "customer")
        ?? throw StripeRefusal.MissingParam("customer", form.Text("customer") ?? "", "customer");

    /// <summary>The form, whose customer is there if it names one.</summary>
    public JsonObject Checked(JsonObject form)
    {
        if (form["customer"] is not null)
        {
            Named(form);
        }

        return form;
    }

    public JsonObject Create(JsonObject form)
    {
        var customer = _world.Objects.Add("customer", "cus");
        Fill(customer, form);
        if (form.Text("payment_method") is { } method)
        {
            _world.Methods.Attach(_world.Methods.Get(method), customer);
        }

        SetDefault(customer, form);
        _world.Events.Add("customer.created", customer);
        return customer;
    }

    /// <summary>The method that pays invoices: the subscription's, else the customer's.</summary>
    public JsonObject? DefaultMethod(JsonObject customer) =>
        _world.Objects.Find(customer.Text("invoice_settings", "default_payment_method"), "payment_method");

    private JsonObject Change(JsonObject customer, JsonObject form)
    {
        Fill(customer, form);
        SetDefault(customer, form);
        _world.Events.Add("customer.updated", customer, []);
        return customer;
    }

    private static void Fill(JsonObject customer, JsonObject form) =>
        customer.Take(form, "description", "email", "name", "phone").Merge(form["metadata"]);

    private void SetDefault(JsonObject customer, JsonObject form)
    {
        if (form.Text("invoice_settings", "default_payment_method") is not { } given)
        {
            return;
        }

        // A test card's name stands for the method that was just made of it.
        var method = given.StartsWith("pm_card_", StringComparison.Ordinal)
            ? _world.Methods.Of(customer).First()
            : _world.Methods.Get(given);
        if (method.Text("customer") != customer.Id())
        {
            throw StripeRefusal.Invalid(
                "The customer does not have a payment method with the ID " + given, "invoice_settings[default_payment_method]");
        }

        ((JsonObject)customer["invoice_settings"]!).Set(("default_payment_method", method.Id()));
    }

    private JsonObject Delete(JsonObject customer)
    {
        _world.Objects.Remove(customer);
        _world.Events.Add("customer.deleted", customer);
        return new JsonObject { ["id"] = customer.Id(), ["object"] = "customer", ["deleted"] = true };
    }

    private JsonObject OpenPortal(JsonObject form)
    {
        var customer = Named(form);
        var session = _world.Objects.Add(
            "billing_portal.session", "bps", ("customer", customer.Id()), ("return_url", form.Text("return_url")));
        return session.Set(("url", $"{_world.Address}/p/session/{session.Id()}"));
    }
}
