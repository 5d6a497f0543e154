using MeteringGateway.Http.Edge;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Customers;
using MeteringGateway.Sales.Payments.Sandbox;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Sales.PaymentEvents;

internal sealed record SandboxPaymentView(string PaymentId, string Status, string OrderStatus);

/// <summary>
/// The sandbox's side of a hosted payment: the page that the customer is sent to and what is pressed there, and a payment that waits can
/// be confirmed. A payment's id can't be guessed and is all that is asked for.
/// </summary>
internal static class SandboxEndpoints
{
    public static IEndpointRouteBuilder MapSandboxPayments(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/payment/sandbox/{id}", ShowAsync).ExcludeFromDescription();
        routes.MapPost("/payment/sandbox/{id}", AnswerAsync).ExcludeFromDescription();
        routes.MapPost("/payment/sandbox/{id}/confirm", ConfirmAsync);
        routes.MapGet("/payment/sandbox/portal", Portal).ExcludeFromDescription();
        routes.MapGet(OrderPages.ReturnPath, Return).ExcludeFromDescription();
        return routes;
    }

    private static async Task<IResult> ShowAsync(
        string id, HttpContext context, SandboxPaymentProvider sandbox, OrderStore orders, IOptions<SandboxOptions> options) =>
        options.Value.Enabled && await sandbox.GetAsync(id, context.RequestAborted) is { SuccessUrl: not null } payment
            ? SandboxPage.Of(context.Response, payment, (await FindOrderAsync(payment, orders))?.Description)
            : Unknown;

    private static async Task<IResult> AnswerAsync(
        string id, HttpContext context, SandboxPaymentProvider sandbox, OrderStore orders, OrderFlow flow, PaymentMethods methods,
        PublicUrl address, IOptions<SandboxOptions> options)
    {
        if (!options.Value.Enabled)
        {
            return Unknown;
        }

        var (pays, problem) = await SandboxForm.ReadAsync(context.Request, address.Value);
        if (problem is not null)
        {
            return problem;
        }

        if (await sandbox.AnswerAsync(id, pays, CancellationToken.None) is not { SuccessUrl: not null } payment)
        {
            return Unknown;
        }

        if (SandboxSetup.AccountOf(payment.Reference) is { } account)
        {
            if (payment.Reply.Status == PaymentStatus.Paid)
            {
                await methods.SaveAsync(account, PaymentChannels.Sandbox, SandboxSetup.Card(payment.Id), CancellationToken.None);
            }
        }
        else
        {
            await ResumeAsync(payment, orders, flow);
        }

        // See Other: what was posted is not posted again there, nor by a reload.
        context.Response.Headers.Location = payment.LeadsTo;
        context.Response.Headers.CacheControl = "no-store";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static async Task<Results<Ok<SandboxPaymentView>, Problem>> ConfirmAsync(
        string id, SandboxPaymentProvider sandbox, OrderStore orders, OrderFlow flow, IOptions<SandboxOptions> options)
    {
        if (!options.Value.Enabled || await sandbox.ConfirmAsync(id, CancellationToken.None) is not { } payment)
        {
            return Unknown;
        }

        var order = await ResumeAsync(payment, orders, flow);
        return payment.Reply.Status == PaymentStatus.Paid
            ? WireJson.Ok(new SandboxPaymentView(payment.Id, payment.Status, order?.Status ?? OrderStatus.Pending))
            : Problem.Of(ErrorCode.Conflict, $"Only a payment with the mode '{SandboxMode.Later}' can be confirmed; "
                + $"this one has '{payment.Mode}' and is {payment.Status}.");
    }

    // There is nothing to manage: the page says so and shows the way back, without sending anybody to a place that others chose.
    private static IResult Portal() =>
        Results.Text(
            "This is the sandbox's billing portal. There is nothing to pay here, and no card on file. Go back to where you came from.");

    // For a page whose maker named no address to come back to.
    private static IResult Return() => Results.Text("You have left the payment's page. Go back to where you came from.");

    private static async Task<OrderRow?> FindOrderAsync(SandboxPayment payment, OrderStore orders) =>
        OrderRow.IdOf(payment.Reference) is { } id ? await orders.FindAsync(id, null, CancellationToken.None) : null;

    private static async Task<OrderRow?> ResumeAsync(SandboxPayment payment, OrderStore orders, OrderFlow flow) =>
        await FindOrderAsync(payment, orders) is { } order ? await flow.ResumeAsync(order, CancellationToken.None) : null;

    private static Problem Unknown => Problem.Of(ErrorCode.NotFound, "There is no such payment.");
}
