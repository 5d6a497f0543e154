using MeteringGateway.Errors;
using MeteringGateway.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Payments.Webhooks;

internal sealed record WebhookReceipt(bool Received);

/// <summary>A webhook's answer, in the shape that the Billing API gives all of its answers.</summary>
internal sealed record WebhookAnswer(bool Success, WebhookReceipt Data);

/// <summary>Where payment providers tell what happened. Public: the signature is the credential.</summary>
internal static class WebhookEndpoints
{
    public static IEndpointRouteBuilder MapPaymentWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/payment/webhook/stripe", StripeAsync);
        routes.MapPost("/payment/webhook/creem", CreemAsync);
        return routes;
    }

    private static async Task<Results<Ok<WebhookAnswer>, Problem>> StripeAsync(HttpContext context, WebhookFlow flow) =>
        await RequestBody.ReadBytesAsync(context.Request) is { } body
            ? Answer(await flow.ReceiveStripeAsync(context.Request.Headers["Stripe-Signature"], body, context.RequestAborted))
            : TooLarge;

    private static async Task<Results<Ok<WebhookAnswer>, Problem>> CreemAsync(HttpContext context, WebhookFlow flow) =>
        await RequestBody.ReadBytesAsync(context.Request) is { } body
            ? Answer(await flow.ReceiveCreemAsync(context.Request.Headers["creem-signature"], body, context.RequestAborted))
            : TooLarge;

    private static Results<Ok<WebhookAnswer>, Problem> Answer(WebhookStatus status) => status switch
    {
        WebhookStatus.Received => WireJson.Ok(new WebhookAnswer(true, new WebhookReceipt(true))),
        WebhookStatus.Disabled => Problem.Of(ErrorCode.PaymentsDisabled, "No webhook secret is configured for this provider."),
        WebhookStatus.BadSignature => Problem.Of(ErrorCode.InvalidSignature, "The signature does not fit the body, or is too old."),
        WebhookStatus.NotAnEvent => Problem.Of(ErrorCode.InvalidRequest, "The body is signed, but is not an event."),
        _ => throw new InvalidOperationException($"Unknown status {status}."),
    };

    private static Problem TooLarge => Problem.Of(ErrorCode.BodyTooLarge, $"The body may have at most {RequestBody.MaxBytes} bytes.");
}
