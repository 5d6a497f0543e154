namespace MeteringGateway.Sales.PaymentOperations;

/// <summary>An order as an operator sees it: what was to be paid, what was, and what came of it. Amounts are in the smallest unit of
/// their currency.</summary>
internal sealed record PaymentView
{
    public long Id { get; init; }
    public long AccountId { get; init; }

    /// <summary>Of what is sold: package, top_up, auto_recharge, subscription.</summary>
    public required string Kind { get; init; }
    public required string Status { get; init; }
    public required string Channel { get; init; }
    public long Credits { get; init; }

    /// <summary>How many of the credits refunds and disputes have been booked for, as debits or as debts.</summary>
    public long ReversedCredits { get; init; }
    public long PriceCents { get; init; }

    /// <summary>What the customer paid in all, tax and discounts included; null: the price, or nothing yet.</summary>
    public long? PaidCents { get; init; }
    public required string Currency { get; init; }

    /// <summary>The provider's, under which its own pages find the payment.</summary>
    public string? PaymentId { get; init; }
    public string? CheckoutId { get; init; }
    public string? Refusal { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>The customer has paid and has no credits; a minute is more than that takes.</summary>
    public bool NeedsPerson { get; init; }

    /// <summary>Null where nobody need look.</summary>
    public string? NeedsPersonReason => NeedsPerson
        ? $"It is paid and its credits are not there. The log has the reason, at each try, under order:{Id}."
        : null;
}

/// <summary>Newest first.</summary>
internal sealed record PaymentPage(IReadOnlyList<PaymentView> Payments, long Total, int Limit, int Offset);

/// <summary>A debt: credits that a refund or a dispute takes back, and that were spent.</summary>
internal sealed record DebtView
{
    public long Id { get; init; }
    public long AccountId { get; init; }

    /// <summary>What was refunded or disputed.</summary>
    public long OrderId { get; init; }

    /// <summary>The movement that could not take them: <c>refund:…</c>, <c>dispute:…</c>.</summary>
    public required string EntryId { get; init; }
    public long Credits { get; init; }

    /// <summary>What is not paid yet, with what a purchase is about to pay.</summary>
    public long OpenCredits { get; init; }
    public long PaidCredits { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Over all debts that were asked for, not of one page.</summary>
internal sealed record DebtTotals(long Credits, long OpenCredits, long PaidCredits);

/// <summary>Newest first. What is neither open nor paid came back to the account: a refund that failed, a dispute that was won.</summary>
internal sealed record DebtPage(IReadOnlyList<DebtView> Debts, DebtTotals Totals, long Total, int Limit, int Offset);

/// <summary>A debt of the account that asks.</summary>
internal sealed record MyDebtView(
    long Id, long OrderId, string EntryId, long Credits, long OpenCredits, long PaidCredits, DateTimeOffset CreatedAt)
{
    public static MyDebtView Of(DebtView debt) =>
        new(debt.Id, debt.OrderId, debt.EntryId, debt.Credits, debt.OpenCredits, debt.PaidCredits, debt.CreatedAt);
}

/// <summary>Newest first. The next purchase pays what is open, right after its own credits.</summary>
internal sealed record MyDebtPage(IReadOnlyList<MyDebtView> Debts, DebtTotals Totals, long Total, int Limit, int Offset);
