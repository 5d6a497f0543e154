using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MeteringGateway.Testing.Creem;

/// <summary>The objects as Creem writes them; npm <c>creem</c> refuses any other shape. What is not there is left out.</summary>
/// <param name="mode">On each of them: <c>test</c> or <c>prod</c>.</param>
/// <param name="address">Of the pages.</param>
internal sealed class CreemJson(string mode, Func<string> address)
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public JsonObject Of(CreemProduct product) => Node(new
    {
        product.Id,
        mode,
        Object = "product",
        product.Name,
        product.Description,
        product.Price,
        product.Currency,
        BillingType = product.IsRecurring ? "recurring" : "onetime",
        BillingPeriod = product.Period,
        Status = "active",
        TaxMode = "exclusive",
        TaxCategory = "saas",
        ProductUrl = $"{address()}/product/{product.Id}",
        CreatedAt = product.At,
        UpdatedAt = product.At,
    });

    public JsonObject Of(CreemCustomer customer)
    {
        var node = Node(new { customer.Id, mode, Object = "customer", customer.Email, CreatedAt = customer.At, UpdatedAt = customer.At });
        node["country"] = null;
        return node;
    }

    public JsonObject Of(CreemCheckout checkout) => Node(new
    {
        checkout.Id,
        mode,
        Object = "checkout",
        checkout.Status,
        checkout.RequestId,
        Product = Of(checkout.Product),
        checkout.Units,
        checkout.CustomPrice,
        Order = checkout.Order is null ? null : Of(checkout.Order),
        Subscription = checkout.Subscription is null ? null : Of(checkout.Subscription),
        Customer = checkout.Order is null ? null : Of(checkout.Order.Customer),
        CheckoutUrl = $"{address()}/checkout/{checkout.Id}",
        checkout.SuccessUrl,
        checkout.Metadata,
    });

    public JsonObject Of(CreemOrder order) => Node(new
    {
        order.Id,
        mode,
        Object = "order",
        Customer = order.Customer.Id,
        Product = order.Product.Id,
        Transaction = order.Transaction?.Id,
        order.Amount,
        SubTotal = order.Amount,
        TaxAmount = order.Tax,
        DiscountAmount = 0,
        AmountDue = order.Amount + order.Tax,
        AmountPaid = order.Amount + order.Tax,
        order.Currency,
        Status = "paid",
        Type = order.Product.IsRecurring ? "recurring" : "onetime",
        CreatedAt = order.At,
        UpdatedAt = order.At,
    });

    public JsonObject Of(CreemTransaction transaction) => Node(new
    {
        transaction.Id,
        mode,
        Object = "transaction",
        transaction.Amount,
        AmountPaid = transaction.Status == "paid" || transaction.Refunded > 0 ? transaction.Amount + transaction.Tax : 0,
        DiscountAmount = 0,
        transaction.Currency,
        Type = transaction.Subscription is null ? "payment" : "invoice",
        TaxCountry = "DE",
        TaxAmount = transaction.Tax,
        transaction.Status,
        RefundedAmount = transaction.Refunded,
        Order = transaction.Order?.Id,
        Subscription = transaction.Subscription?.Id,
        Customer = transaction.Customer.Id,
        Description = transaction.Subscription is null ? "Payment" : "Subscription payment",
        PeriodStart = transaction.From?.ToUnixTimeMilliseconds(),
        PeriodEnd = transaction.To?.ToUnixTimeMilliseconds(),
        CreatedAt = transaction.At.ToUnixTimeMilliseconds(),
    });

    public JsonObject Of(CreemSubscription subscription) => Node(new
    {
        subscription.Id,
        mode,
        Object = "subscription",
        Product = Of(subscription.Product),
        Customer = Of(subscription.Customer),
        Items = new[]
        {
            new { Id = "sitem" + subscription.Id[3..], mode, Object = "subscription_item", ProductId = subscription.Product.Id, Units = 1 },
        },
        CollectionMethod = "charge_automatically",
        subscription.Status,
        LastTransactionId = subscription.LastTransaction?.Id,
        LastTransaction = subscription.LastTransaction is null ? null : Of(subscription.LastTransaction),
        LastTransactionDate = subscription.LastTransaction?.At,
        NextTransactionDate = subscription.To,
        CurrentPeriodStartDate = subscription.From,
        CurrentPeriodEndDate = subscription.To,
        subscription.CanceledAt,
        CreatedAt = subscription.At,
        UpdatedAt = subscription.ChangedAt,
        subscription.Checkout.Metadata,
    });

    public JsonObject Of(CreemRefund refund, CreemCheckout? checkout) => Node(new
    {
        refund.Id,
        mode,
        Object = "refund",
        refund.Status,
        RefundAmount = refund.Amount,
        RefundCurrency = refund.Transaction.Currency,
        Reason = "requested_by_customer",
        Transaction = Of(refund.Transaction),
        Checkout = checkout is null ? null : Of(checkout),
        Order = refund.Transaction.Order is null ? null : Of(refund.Transaction.Order),
        Subscription = refund.Transaction.Subscription is null ? null : Of(refund.Transaction.Subscription),
        Customer = Of(refund.Transaction.Customer),
        CreatedAt = refund.At.ToUnixTimeMilliseconds(),
    });

    public JsonObject Of(CreemDispute dispute, CreemCheckout? checkout) => Node(new
    {
        dispute.Id,
        mode,
        Object = "dispute",
        dispute.Amount,
        dispute.Transaction.Currency,
        Transaction = Of(dispute.Transaction),
        Checkout = checkout is null ? null : Of(checkout),
        Order = dispute.Transaction.Order is null ? null : Of(dispute.Transaction.Order),
        Subscription = dispute.Transaction.Subscription is null ? null : Of(dispute.Transaction.Subscription),
        Customer = Of(dispute.Transaction.Customer),
        CreatedAt = dispute.At.ToUnixTimeMilliseconds(),
    });

    public static JsonObject Page(IReadOnlyList<JsonObject> all, int number, int size)
    {
        var pages = Math.Max(1, (all.Count + size - 1) / size);
        return new JsonObject
        {
            ["items"] = new JsonArray([.. all.Skip((number - 1) * size).Take(size)]),
            ["pagination"] = new JsonObject
            {
                ["total_records"] = all.Count,
                ["total_pages"] = pages,
                ["current_page"] = number,
                ["next_page"] = number < pages ? number + 1 : null,
                ["prev_page"] = number > 1 ? number - 1 : null,
            },
        };
    }

    private static JsonObject Node<T>(T value) => JsonSerializer.SerializeToNode(value, Options)!.AsObject();
}
