using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe.Objects;

/// <summary>All kinds of objects, which know each other. Its callers hold the double's lock.</summary>
internal sealed class StripeWorld
{
    private readonly Func<string> _address;

    public StripeWorld(StripeObjects objects, StripeEvents events, Func<string> address)
    {
        (Objects, Events, _address) = (objects, events, address);
        (Methods, Customers, Catalog, Payments) = (new(this), new(this), new(this), new(this));
        (Setups, Invoices, Subscriptions, Checkouts) = (new(this), new(this), new(this), new(this));
        (Refunds, Disputes) = (new(this), new(this));
        Routes.Get("/v1/events", call => StripeLists.Page(objects.Of("event").Where(made => IsWanted(made, call)), call.Path, call.Form))
            .Get("/v1/events/*", call => objects.Get(call.Id, "event"));
    }

    public StripeRoutes Routes { get; } = new();
    public StripeObjects Objects { get; }
    public StripeEvents Events { get; }
    public StripePaymentMethods Methods { get; }
    public StripeCustomers Customers { get; }
    public StripeCatalog Catalog { get; }
    public StripePayments Payments { get; }
    public StripeSetups Setups { get; }
    public StripeInvoices Invoices { get; }
    public StripeSubscriptions Subscriptions { get; }
    public StripeCheckouts Checkouts { get; }
    public StripeRefunds Refunds { get; }
    public StripeDisputes Disputes { get; }

    /// <summary>Of the double, without a slash at the end.</summary>
    public string Address => _address();

    private static bool IsWanted(JsonObject made, StripeCall call)
    {
        var types = call.Form.Texts("types");
        return (types.Count == 0 || types.Contains(made.Text("type")!)) && StripePayments.IsOf(made, call.Form, "type");
    }
}
