using MeteringGateway.Sales.Payments;

namespace MeteringGateway.FunctionalTests.Sales.SavedMethods;

/// <summary>A provider that keeps methods, and forgets them when it can be told.</summary>
internal sealed class CardProvider : IPaymentProvider, IMethodProvider
{
    private readonly Lock _lock = new();

    public string Channel => "cards";
    public bool IsOpen { get; init; } = true;
    public bool IsAway { get; set; }
    public List<string> Forgotten { get; } = [];

    public Task<bool> ForgetMethodAsync(string methodId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!IsAway)
            {
                Forgotten.Add(methodId);
            }

            return Task.FromResult(!IsAway);
        }
    }

    public Task<string?> SetUpAsync(SetupRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<MethodFacts?> FindMethodAsync(string savedBy, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PaymentReply> ChargeAsync(PaymentRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<CheckoutReply> CheckoutAsync(CheckoutRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<PaymentReply> FindAsync(PaymentLookup lookup, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> PortalAsync(PortalRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
}
