using MeteringGateway.WebConsole.Frame;

namespace MeteringGateway.WebConsole.Account.Credits;

/// <summary>From a form to a payment provider's page.</summary>
internal static class PaymentRedirect
{
    /// <summary>A browser follows a form's redirect to the policy's origins alone; to another page of the provider leads a link.</summary>
    public static IResult To(HttpContext context, string page) =>
        context.RequestServices.GetRequiredService<PaymentPages>().Allows(page)
            ? SeeOther.To(page)
            : MessagePage.Of(
                "Pay", $"The payment is made on a page of {new Uri(page).Host}.", StatusCodes.Status200OK, page,
                "Go to the payment's page");
}
