using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe.Objects;

/// <summary>Products and prices.</summary>
internal sealed class StripeCatalog
{
    private readonly StripeWorld _world;

    public StripeCatalog(StripeWorld world)
    {
        _world = world;
        world.Routes
            .Post("/v1/products", call => CreateProduct(call.Form))
            .Get("/v1/products", call => StripeLists.Page(world.Objects.Of("product"), call.Path, call.Form))
            .Get("/v1/products/*", call => world.Objects.Get(call.Id, "product"))
            .Post("/v1/prices", call => CreatePrice(call.Form))
            .Get("/v1/prices", call => StripeLists.Page(world.Objects.Of("price"), call.Path, call.Form))
            .Get("/v1/prices/*", call => GetPrice(call.Id))
            .Post("/v1/prices/*", call => GetPrice(call.Id).Set(("active", call.Form.Text("active") != "false")));
    }

    public static bool IsCurrency(string text) => text.Length == 3 && text.All(char.IsAsciiLetterLower);

    public JsonObject GetPrice(string? id) => _world.Objects.Get(id, "price");

    public JsonObject CreateProduct(JsonObject form)
    {
        var product = _world.Objects.Add("product", "prod", ("updated", _world.Objects.Now));
        product.Take(form, "name", "description").Merge(form["metadata"]);
        _world.Events.Add("product.created", product);
        return product.Text("name") is { Length: > 0 } ? product : throw StripeRefusal.Invalid("Missing required param: name.", "name");
    }

    /// <summary>Also of a line's <c>price_data</c>.</summary>
    public JsonObject CreatePrice(JsonObject form)
    {
        var amount = form.Whole("unit_amount") ?? throw StripeRefusal.Invalid("Missing required param: unit_amount.", "unit_amount");
        var currency = form.Text("currency") ?? throw StripeRefusal.Invalid("Missing required param: currency.", "currency");
        if (amount < 0 || !IsCurrency(currency))
        {
            throw StripeRefusal.Invalid($"Invalid currency or amount: {currency} {amount}", "currency");
        }

        var product = form["product_data"] is JsonObject data
            ? CreateProduct(data)
            : _world.Objects.Get(form.Text("product"), "product");
        var price = _world.Objects.Add(
            "price", "price", ("product", product.Id()), ("currency", currency), ("unit_amount", amount),
            ("unit_amount_decimal", $"{amount}"), ("nickname", form.Text("nickname")));
        price.Merge(form["metadata"]);
        if (form["recurring"] is JsonObject recurring)
        {
            price.Set(("type", "recurring"), ("recurring", new JsonObject
            {
                ["interval"] = recurring.Text("interval") is "day" or "week" or "month" or "year"
                    ? recurring.Text("interval")
                    : throw StripeRefusal.Invalid("Invalid recurring[interval].", "recurring[interval]"),
                ["interval_count"] = recurring.Whole("interval_count") ?? 1,
                ["meter"] = null,
                ["trial_period_days"] = null,
                ["usage_type"] = "licensed",
            }));
        }

        _world.Events.Add("price.created", price);
        return price;
    }
}
