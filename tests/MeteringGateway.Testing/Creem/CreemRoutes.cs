using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeteringGateway.Testing.Creem;

/// <summary>The REST interface, with the refusals that Creem documents.</summary>
internal sealed class CreemRoutes(CreemDouble creem)
{
    private static readonly string[] s_currencies = ["USD", "EUR"];
    private static readonly string[] s_periods = ["every-month", "every-three-months", "every-six-months", "every-year", "every-day"];

    public void Map(IEndpointRouteBuilder routes)
    {
        Add(routes, "POST", "/v1/products", MakeProduct);
        Add(routes, "GET", "/v1/products/{id}", (call, _) => Found(creem.Shop.Product(Id(call)), (json, product) => json.Of(product)));
        Add(routes, "POST", "/v1/checkouts", MakeCheckout);
        Add(routes, "GET", "/v1/checkouts", (call, _) =>
            Found(creem.Shop.Checkout(Query(call, "checkout_id")), (json, checkout) => json.Of(checkout)));
        Add(routes, "POST", "/v1/customers/billing", (_, body) => Text(body, "customer_id") is { } id && creem.Shop.HasCustomer(id)
            ? new Reply(200, new JsonObject { ["customer_portal_link"] = $"{creem.Address}/portal/{id}" })
            : NotFound);
        Add(routes, "GET", "/v1/subscriptions", (call, _) =>
            Found(creem.Shop.Subscription(Query(call, "subscription_id")), (json, subscription) => json.Of(subscription)));
        Add(routes, "GET", "/v1/subscriptions/search", (call, _) => Paged(call, creem.Shop.AllSubscriptions()));
        Add(routes, "POST", "/v1/subscriptions/{id}/cancel", Cancel);
        Add(routes, "POST", "/v1/subscriptions/{id}/pause", (call, _) => Move(call, "paused", "subscription.paused", "active"));
        Add(routes, "POST", "/v1/subscriptions/{id}/resume", (call, _) =>
            Move(call, "active", "subscription.update", "paused", "scheduled_cancel"));
        Add(routes, "GET", "/v1/transactions", (call, _) =>
            Found(creem.Shop.Transaction(Query(call, "transaction_id")), (json, transaction) => json.Of(transaction)));
        Add(routes, "GET", "/v1/transactions/search", Search);
        Add(routes, "POST", "/v1/refunds", Refund);
    }

    private void Add(IEndpointRouteBuilder routes, string method, string path, Func<HttpContext, JsonElement, Reply> answer) =>
        routes.MapMethods(path, [method], context => ServeAsync(context, $"{method} {path}", answer));

    private async Task ServeAsync(HttpContext context, string operation, Func<HttpContext, JsonElement, Reply> answer)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        if (context.Request.Headers["x-api-key"] != creem.ApiKey)
        {
            await SendAsync(context, Refusal(401, "Unauthorized"));
            return;
        }

        creem.Note(new CreemCall(
            operation, context.Request.Path + context.Request.QueryString, text, context.Request.Headers["Idempotency-Key"]));
        var fault = creem.Faults.Take(operation);
        if (fault == CreemFault.Refuse)
        {
            await SendAsync(context, Refusal(500, "Internal Server Error"));
            return;
        }

        var body = Parse(text);
        var reply = answer(context, body);
        switch (fault)
        {
            case CreemFault.FailAfter:
                reply = Refusal(500, "Internal Server Error");
                break;
            case CreemFault.Hang:
                var left = new TaskCompletionSource();
                await using (context.RequestAborted.Register(left.SetResult))
                {
                    await left.Task;
                }

                return;
            case CreemFault.Drop:
                context.Abort();
                return;
            case CreemFault.Twice:
                reply = answer(context, body);
                break;
        }

        await SendAsync(context, reply);
    }

    private Reply MakeProduct(HttpContext call, JsonElement body)
    {
        var (name, description) = (Text(body, "name"), Text(body, "description"));
        var (price, currency, type) = (Number(body, "price"), Text(body, "currency"), Text(body, "billing_type"));
        var period = type == "onetime" ? "once" : Text(body, "billing_period");
        return name is null || description is null ? Bad("name and description must be strings")
            : price is not (0 or >= 100) ? Bad("price must be 0 or at least 100")
            : !s_currencies.Contains(currency) ? Bad("currency must be one of USD, EUR")
            : type != "onetime" && (type != "recurring" || !s_periods.Contains(period)) ? Bad("billing_type must be onetime or recurring")
            : Ok(
                creem.Shop.AddProduct(name, price.Value, currency!, period!, call.Request.Headers["Idempotency-Key"]),
                (json, product) => json.Of(product));
    }

    private Reply MakeCheckout(HttpContext call, JsonElement body)
    {
        if (creem.Shop.Product(Text(body, "product_id") ?? "") is not { } product)
        {
            return NotFound;
        }

        var (units, price) = (Number(body, "units") ?? 1, Number(body, "custom_price"));
        var customer = body.TryGetProperty("customer", out var given) ? given : default;
        var (id, email) = (Text(customer, "id"), Text(customer, "email"));
        return units < 1 ? Bad("units must be at least 1")
            : price is < 100 or > 99_999_999 ? Bad("custom_price must be between 100 and 99999999")
            : price is not null && product.IsRecurring ? Bad("custom_price is only supported for one-time products")
            : id is not null && !creem.Shop.HasCustomer(id) ? NotFound
            : Ok(
                creem.Shop.AddCheckout(
                    product, (int)units, price, Text(body, "request_id"), Text(body, "success_url"),
                    body.TryGetProperty("metadata", out var metadata) ? metadata.Clone() : null, id, email),
                (json, checkout) => json.Of(checkout));
    }

    private Reply Cancel(HttpContext call, JsonElement body) => Text(body, "mode") switch
    {
        "scheduled" => Move(
            call, "scheduled_cancel", "subscription.scheduled_cancel", "active", "past_due", "trialing", "scheduled_cancel"),
        "immediate" or null => Move(
            call, "canceled", "subscription.canceled", "active", "past_due", "trialing", "scheduled_cancel", "paused", "unpaid"),
        _ => Bad("mode must be immediate or scheduled"),
    };

    private Reply Move(HttpContext call, string status, string eventType, params ReadOnlySpan<string> from) =>
        creem.Shop.Subscription(Id(call)) is not { } subscription ? NotFound
        : !from.Contains(subscription.Status) ? Bad($"the subscription is {subscription.Status}")
        : Ok(creem.Shop.Move(subscription.Id, status, eventType), (json, moved) => json.Of(moved));

    private Reply Search(HttpContext call, JsonElement body)
    {
        var (customer, order, product) = (Query(call, "customer_id"), Query(call, "order_id"), Query(call, "product_id"));
        return Paged(call, creem.Shop.Transactions(one => (customer.Length == 0 || one.Customer.Id == customer)
            && (order.Length == 0 || one.Order?.Id == order)
            && (product.Length == 0 || (one.Subscription?.Product ?? one.Order?.Product)?.Id == product)));
    }

    private static Reply Paged(HttpContext call, IReadOnlyList<JsonObject> all)
    {
        var (number, size) = (Whole(call, "page_number") ?? 1, Whole(call, "page_size") ?? 10);
        return number < 1 || size is < 1 or > 100
            ? Bad("page_number and page_size must be positive, page_size at most 100")
            : new Reply(200, CreemJson.Page(all, number, size));
    }

    private Reply Refund(HttpContext call, JsonElement body) =>
        creem.Shop.Transaction(Text(body, "transaction_id") ?? "") is not { } transaction ? NotFound
        : transaction.Status is not ("paid" or "partialRefund") ? Bad($"the transaction is {transaction.Status}")
        : new Reply(200, new JsonObject { ["status"] = creem.Shop.Refund(transaction.Id).Status });

    private Reply Ok<T>(T thing, Func<CreemJson, T, JsonObject> shape) => new(200, creem.Shop.Show(thing, shape));

    private Reply Found<T>(T? thing, Func<CreemJson, T, JsonObject> shape)
        where T : class => thing is null ? NotFound : Ok(thing, shape);

    private static Reply NotFound => Refusal(404, "Not Found");

    private static Reply Bad(string message) => Refusal(400, message);

    private static Reply Refusal(int status, string message) => new(status, new JsonObject
    {
        ["trace_id"] = Guid.NewGuid().ToString(),
        ["status"] = status,
        ["error"] = message,
        ["message"] = new JsonArray(message),
    });

    private static Task SendAsync(HttpContext context, Reply reply)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (reply.Status, "application/json");
        return context.Response.WriteAsync(reply.Body.ToJsonString());
    }

    private static JsonElement Parse(string text) => text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);

    private static string Id(HttpContext call) => (string)call.Request.RouteValues["id"]!;

    private static string Query(HttpContext call, string name) => call.Request.Query[name].ToString();

    private static int? Whole(HttpContext call, string name) =>
        Query(call, name) is { Length: > 0 } text ? int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : -1 : null;

    private static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    private static long? Number(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.TryGetInt64(out var number)
            ? number : null;

    private sealed record Reply(int Status, JsonObject Body);
}
