using System.Text.Json;

namespace MeteringGateway.Testing.Creem;

/// <summary>What is sold. A <see cref="Period"/> of <c>once</c> is paid once, any other again and again.</summary>
public sealed record CreemProduct(string Id, string Name, string Description, long Price, string Currency, string Period, DateTimeOffset At)
{
    public bool IsRecurring => Period != "once";
}

public sealed record CreemCustomer(string Id, string Email, DateTimeOffset At);

/// <summary>A page to pay on. All amounts here and below are in the smallest unit of their currency.</summary>
public sealed class CreemCheckout
{
    public required string Id { get; init; }
    public required CreemProduct Product { get; init; }
    public required int Units { get; init; }
    public long? CustomPrice { get; init; }
    public string? RequestId { get; init; }
    public string? SuccessUrl { get; init; }
    public JsonElement? Metadata { get; init; }
    public string? CustomerId { get; init; }
    public string? Email { get; init; }

    /// <summary><c>pending</c>, <c>completed</c> or <c>expired</c>.</summary>
    public string Status { get; set; } = "pending";
    public CreemOrder? Order { get; set; }
    public CreemSubscription? Subscription { get; set; }
    public long Amount => (CustomPrice ?? Product.Price) * Units;

    /// <summary>What its maker wrote as <c>metadata.order</c>.</summary>
    public string? Reference =>
        Metadata is { ValueKind: JsonValueKind.Object } metadata && metadata.TryGetProperty("order", out var order)
            ? order.GetString()
            : null;
}

/// <summary>What a checkout becomes when it is paid. <see cref="Amount"/> is without the tax that comes on top of it.</summary>
public sealed class CreemOrder
{
    public required string Id { get; init; }
    public required CreemProduct Product { get; init; }
    public required CreemCustomer Customer { get; init; }
    public required long Amount { get; init; }
    public required long Tax { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset At { get; init; }
    public CreemTransaction? Transaction { get; set; }
}

/// <summary>Money that moved: a payment, or a period of a subscription.</summary>
public sealed class CreemTransaction
{
    public required string Id { get; init; }
    public required long Amount { get; init; }
    public required long Tax { get; init; }
    public required string Currency { get; init; }
    public CreemOrder? Order { get; init; }
    public CreemSubscription? Subscription { get; init; }
    public required CreemCustomer Customer { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
    public required DateTimeOffset At { get; init; }
    public string Status { get; set; } = "paid";
    public long Refunded { get; set; }

    /// <summary>What the customer paid.</summary>
    public long Total => Amount + Tax;
}

public sealed class CreemSubscription
{
    public required string Id { get; init; }
    public required CreemProduct Product { get; init; }
    public required CreemCustomer Customer { get; init; }
    public required CreemCheckout Checkout { get; init; }
    public required DateTimeOffset At { get; init; }
    public string Status { get; set; } = "active";
    public DateTimeOffset From { get; set; }
    public DateTimeOffset To { get; set; }
    public DateTimeOffset ChangedAt { get; set; }
    public DateTimeOffset? CanceledAt { get; set; }
    public CreemTransaction? LastTransaction { get; set; }
}

/// <summary>
/// Money that goes back, or is to: <c>pending</c>, <c>requiresAction</c>, <c>succeeded</c>, <c>failed</c> or <c>canceled</c>.
/// </summary>
public sealed class CreemRefund
{
    public required string Id { get; init; }
    public required CreemTransaction Transaction { get; init; }
    public required long Amount { get; init; }
    public required DateTimeOffset At { get; init; }
    public string Status { get; set; } = "succeeded";
}

public sealed record CreemDispute(string Id, CreemTransaction Transaction, long Amount, DateTimeOffset At);

/// <summary>Something that was told, or is to be: the body, byte for byte.</summary>
public sealed record CreemEvent(string Id, string Type, string Body);

/// <summary>A request that came for the REST interface, whatever was answered.</summary>
public sealed record CreemCall(string Operation, string Path, string Body, string? IdempotencyKey);
