namespace MeteringGateway.Sales.Payments.Sandbox;

/// <summary>A payment as the sandbox remembers it.</summary>
internal sealed record SandboxPayment
{
    public required string Id { get; init; }
    public required string Reference { get; init; }
    public long AmountCents { get; init; }
    public required string Currency { get; init; }
    public required string Mode { get; init; }
    public required string Status { get; init; }
    public string? SuccessUrl { get; init; }
    public string? CancelUrl { get; init; }

    /// <summary>Where the customer goes from the page; a direct charge has no page and leads nowhere.</summary>
    public string LeadsTo => ReturnUrl.Of(Status is "declined" or "canceled" ? CancelUrl ?? SuccessUrl! : SuccessUrl!, Id);

    public PaymentReply Reply => Status switch
    {
        "paid" => new PaymentReply(PaymentStatus.Paid, Id),
        "pending" => new PaymentReply(PaymentStatus.Pending, Id),
        "declined" => new PaymentReply(PaymentStatus.Declined, Id, "The card was declined."),
        "canceled" => new PaymentReply(PaymentStatus.Canceled, Id, "The payment was canceled."),
        _ => throw new InvalidOperationException($"Unknown status {Status}."),
    };
}
