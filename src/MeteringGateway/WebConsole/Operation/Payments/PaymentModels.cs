using MeteringGateway.WebConsole.Account.Credits;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Operation.Payments;

/// <summary>An order, as <c>GET /admin/payments</c> tells it.</summary>
public sealed record PaymentInfo(
    long Id, long AccountId, string Kind, string Status, string Channel, long Credits, long ReversedCredits, long PriceCents,
    string Currency, string? PaymentId, string? Refusal, DateTimeOffset CreatedAt, bool NeedsPerson, string? NeedsPersonReason);

public sealed record PaymentList(IReadOnlyList<PaymentInfo> Payments, long Total);

/// <summary>What a provider told, as <c>GET /admin/payments/events</c> tells it.</summary>
public sealed record PaymentEventInfo(
    string Channel, string EventId, string Type, string Outcome, long? OrderId, bool NeedsPerson, DateTimeOffset ReceivedAt,
    DateTimeOffset? ResolvedAt);

public sealed record PaymentEventList(IReadOnlyList<PaymentEventInfo> Events, long Total);

/// <param name="Payments">Null, like every part: they can't be read now.</param>
/// <param name="Pager">Where in the list.</param>
/// <param name="Problem">What was wrong with a filter or a form.</param>
public sealed record PaymentsModel(IReadOnlyList<PaymentInfo>? Payments, PagerModel Pager, ApiProblem? Problem)
{
    public string? Status { get; init; }

    public string? AccountId { get; init; }

    /// <summary>What waits for somebody.</summary>
    public IReadOnlyList<PaymentEventInfo>? Waiting { get; init; }

    public IReadOnlyList<PaymentEventInfo>? Newest { get; init; }

    public DebtTotals? Debts { get; init; }
}
