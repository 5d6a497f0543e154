using MeteringGateway.Http.Edge;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Customers;

namespace MeteringGateway.Sales.Orders;

/// <summary>
/// The page for a charge that needs its customer, and what the customer paid with there, which is kept for the next one.
/// </summary>
internal sealed class OrderPages(
    PaymentMethods methods, OrderStore store, PaymentChannels channels, PublicUrl address, ILogger<OrderPages> logger)
{
    /// <summary>Where a customer lands whose client named no address of its own.</summary>
    public const string ReturnPath = "/payment/return";

    /// <summary>The order with its page; without one where the provider can't make it now.</summary>
    public async Task<OrderRow> OpenAsync(OrderRow order, CancellationToken cancellationToken)
    {
        if (channels.Find(order.Channel) is not { } provider)
        {
            return order;
        }

        var payment = new PaymentRequest(order.Reference, order.AccountId, order.PriceCents, order.Currency, order.Description);
        var back = address.Value + ReturnPath;
        var page = await provider.CheckoutAsync(
            new CheckoutRequest(payment, back, back, address.Value, order.CreatedAt, SavesMethod: true), cancellationToken);
        if (page.Url is null)
        {
            return order;
        }

        await store.NotePaymentAsync(order.Id, page.PaymentId, page.CheckoutId, page.Url, cancellationToken);
        return await store.FindAsync(order.Id, null, cancellationToken) ?? order;
    }

    /// <summary>
    /// Keeps what such an order was paid with. A provider that can't be asked now tells of the method in an event of its own, too.
    /// </summary>
    public async Task KeepMethodAsync(OrderRow order, CancellationToken cancellationToken)
    {
        if (order is not { SavesMethod: true, PaymentId: { } payment } || channels.Find(order.Channel) is not IMethodProvider provider)
        {
            return;
        }

        try
        {
            if (await provider.FindMethodAsync(payment, cancellationToken) is { } method)
            {
                await methods.SaveAsync(order.AccountId, order.Channel, method, cancellationToken);
            }
        }
        catch (PaymentUnavailableException e)
        {
            logger.LogWarning("The payment method of {Order} could not be asked for: {Reason}", order.Reference, e.Message);
        }
    }
}
