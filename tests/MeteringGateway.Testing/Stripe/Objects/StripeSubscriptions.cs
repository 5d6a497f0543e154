using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe.Objects;

internal sealed class StripeSubscriptions
{
    private readonly StripeWorld _world;

    public StripeSubscriptions(StripeWorld world)
    {
        _world = world;
        world.Routes
            .Post("/v1/subscriptions", call => CreateByHand(call.Form))
            .Get("/v1/subscriptions", call => StripeLists.Page(
                world.Objects.Of("subscription").Where(subscription => StripePayments.IsOf(subscription, call.Form, "customer")),
                call.Path, call.Form))
            .Get("/v1/subscriptions/*", call => Get(call.Id))
            .Post("/v1/subscriptions/*", call => Change(Get(call.Id), call.Form))
            .Delete("/v1/subscriptions/*", call => End(Get(call.Id), "cancellation_requested"));
    }

    public JsonObject Get(string? id) => _world.Objects.Get(id, "subscription");

    public static StripeRefusal NoMethod() => StripeRefusal.Invalid(
        "This customer has no attached payment source or default payment method.", null, "resource_missing");

    /// <summary>A subscription with its first invoice. It is active where that is paid, else incomplete.</summary>
    /// <param name="customer">Who pays.</param>
    /// <param name="price">A recurring one.</param>
    /// <param name="form">Metadata and description.</param>
    /// <param name="method">Which is charged each period.</param>
    /// <param name="intent">The payment of the first invoice where it was made before; null: it is made here.</param>
    public JsonObject Create(JsonObject customer, JsonObject price, JsonObject? form, JsonObject method, JsonObject? intent = null)
    {
        var start = _world.Objects.Now;
        var subscription = _world.Objects.Add(
            "subscription", "sub", ("customer", customer.Id()), ("currency", price.Text("currency")), ("start_date", start),
            ("billing_cycle_anchor", start), ("default_payment_method", method.Id()));
        subscription.Merge(form.At("metadata"));
        var item = _world.Objects.Make(
            "subscription_item", "si", ("price", price.DeepClone()), ("subscription", subscription.Id()), ("created", start),
            ("current_period_start", start), ("current_period_end", Next(start, price, start)));
        subscription.Set(("items", StripeLists.List([item], $"/v1/subscription_items?subscription={subscription.Id()}")));
        _world.Events.Add("customer.subscription.created", subscription);
        var invoice = _world.Invoices.Open(customer, Line(subscription), "subscription_create", subscription);
        if (_world.Invoices.Try(invoice, method, intent) is null && invoice.Text("status") == "paid")
        {
            Become(subscription, "active");
        }

        return subscription;
    }

    /// <summary>The next period comes and is paid or not. Its invoice; null: the subscription ended, as it was told to.</summary>
    public JsonObject? Renew(JsonObject subscription)
    {
        if (subscription.Truth("cancel_at_period_end"))
        {
            End(subscription, "cancellation_requested");
            return null;
        }

        var item = Item(subscription);
        var end = item.Whole("current_period_end")!.Value;
        var anchor = subscription.Whole("billing_cycle_anchor")!.Value;
        item.Set(("current_period_start", end), ("current_period_end", Next(end, (JsonObject)item["price"]!, anchor)));
        var customer = _world.Customers.Get(subscription.Text("customer"));
        var invoice = _world.Invoices.Open(customer, Line(subscription), "subscription_cycle", subscription);
        Retry(subscription, invoice);
        return invoice;
    }

    /// <summary>Tries to pay an open invoice once more.</summary>
    public void Retry(JsonObject subscription, JsonObject invoice)
    {
        var method = _world.Objects.Get(subscription.Text("default_payment_method"), "payment_method");
        _world.Invoices.Try(invoice, method);
        Become(subscription, invoice.Text("status") == "paid" ? "active" : "past_due");
    }

    public JsonObject End(JsonObject subscription, string reason)
    {
        var now = _world.Objects.Now;
        subscription.Set(("status", "canceled"), ("canceled_at", now), ("ended_at", now));
        ((JsonObject)subscription["cancellation_details"]!).Set(("reason", reason));
        _world.Events.Add("customer.subscription.deleted", subscription);
        return subscription;
    }

    private static JsonObject Item(JsonObject subscription) => subscription.Items("items", "data").First();

    private void Become(JsonObject subscription, string status)
    {
        var before = new JsonObject { ["status"] = subscription.Text("status") };
        _world.Events.Add("customer.subscription.updated", subscription.Set(("status", status)), before);
    }

    private JsonObject Change(JsonObject subscription, JsonObject form)
    {
        if (subscription.Text("status") == "canceled")
        {
            throw StripeRefusal.Invalid("A canceled subscription can only update its cancellation_details and metadata.", "status");
        }

        if (form.Text("cancel_at_period_end") is { } ends)
        {
            var isEnding = ends == "true";
            subscription.Set(
                ("cancel_at_period_end", isEnding), ("canceled_at", isEnding ? _world.Objects.Now : null),
                ("cancel_at", isEnding ? Item(subscription).Whole("current_period_end") : null));
            ((JsonObject)subscription["cancellation_details"]!).Set(("reason", isEnding ? "cancellation_requested" : null));
        }

        subscription.Take(form, "default_payment_method").Merge(form["metadata"]);
        _world.Events.Add("customer.subscription.updated", subscription, []);
        return subscription;
    }

    private JsonObject CreateByHand(JsonObject form)
    {
        var customer = _world.Customers.Get(form.Text("customer"));
        var price = _world.Catalog.GetPrice(form.Items("items").First().Text("price"));
        var method = form.Text("default_payment_method") is { } id ? _world.Methods.Get(id) : _world.Customers.DefaultMethod(customer);
        return price.Text("type") == "recurring"
            ? Create(customer, price, form, method ?? throw NoMethod())
            : throw StripeRefusal.Invalid("The price specified is set to `type=one_time`.", "items[0][price]");
    }

    private JsonObject Line(JsonObject subscription)
    {
        var item = Item(subscription);
        var price = (JsonObject)item["price"]!;
        return _world.Objects.Make(
            "line_item", "il", ("amount", price.Whole("unit_amount")), ("currency", price.Text("currency")), ("description", "1 × plan"),
            ("metadata", subscription["metadata"]!.DeepClone()),
            ("subscription", subscription.Id()),
            ("period", new JsonObject
            {
                ["start"] = item.Whole("current_period_start"),
                ["end"] = item.Whole("current_period_end"),
            }),
            ("parent", new JsonObject
            {
                ["type"] = "subscription_item_details",
                ["invoice_item_details"] = null,
                ["subscription_item_details"] = new JsonObject
                {
                    ["invoice_item"] = null,
                    ["proration"] = false,
                    ["proration_details"] = new JsonObject { ["credited_items"] = null },
                    ["subscription"] = subscription.Id(),
                    ["subscription_item"] = item.Id(),
                },
            }),
            ("pricing", new JsonObject
            {
                ["type"] = "price_details",
                ["price_details"] = new JsonObject { ["price"] = price.Id(), ["product"] = price.Text("product") },
                ["unit_amount_decimal"] = price.Text("unit_amount_decimal"),
            }));
    }

    /// <summary>A period of the price after a time, counted from the anchor, so that a 31st comes back after a short month.</summary>
    private static long Next(long after, JsonObject price, long anchor)
    {
        var first = DateTimeOffset.FromUnixTimeSeconds(anchor);
        var step = (int)price.Whole("recurring", "interval_count")!.Value;
        for (var count = step; ; count += step)
        {
            var end = price.Text("recurring", "interval") switch
            {
                "day" => first.AddDays(count),
                "week" => first.AddDays(7 * count),
                "year" => first.AddYears(count),
                _ => first.AddMonths(count),
            };
            if (end.ToUnixTimeSeconds() > after)
            {
                return end.ToUnixTimeSeconds();
            }
        }
    }
}
