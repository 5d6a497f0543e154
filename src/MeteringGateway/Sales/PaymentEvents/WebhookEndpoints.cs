using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Sales.Payments;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Sales.PaymentEvents;

internal sealed record WebhookReceipt(bool Received);

/// <summary>A webhook's answer, in the shape that the Billing API gives all of its answers.</summary>
internal sealed record WebhookAnswer(bool Success, WebhookReceipt Data);

/// <summary>Where payment providers tell what happened. Public: the signature is the credential.</summary>
internal static class WebhookEndpoints
{
    /// <summary>
    /// A route a provider, all with one handler. Not one route with the channel as its parameter: every name would be a route then, and a
    /// GET of an unknown one 405, where today it is a path that nobody knows.
    /// </summary>
    public static IEndpointRouteBuilder MapPaymentWebhooks(this IEndpointRouteBuilder routes)
    {
        foreach (var webhook in routes.ServiceProvider.GetServices<IPaymentWebhook>())
        {
            routes.MapPost($"/payment/webhook/{webhook.Channel}", ReceiveAsync).WithMetadata(webhook);
        }

        return routes;
    }

    private static async Task<Results<Ok<WebhookAnswer>, Problem>> ReceiveAsync(HttpContext context, WebhookFlow flow, EventCounts counts)
    {
        var webhook = context.GetEndpoint()!.Metadata.GetRequiredMetadata<IPaymentWebhook>();
        if (await RequestBody.ReadBytesAsync(context.Request) is not { } body)
        {
            return TooLarge;
        }

        var status = await flow.ReceiveAsync(webhook, context.Request.Headers, body, context.RequestAborted);
        if (status != WebhookStatus.Received)
        {
            counts.Refused(webhook, status);
        }

        return Answer(status);
    }

    private static Results<Ok<WebhookAnswer>, Problem> Answer(WebhookStatus status) => status switch
    {
        WebhookStatus.Received => WireJson.Ok(new WebhookAnswer(true, new WebhookReceipt(true))),
        WebhookStatus.Disabled => Problem.Of(ErrorCode.PaymentsDisabled, "No webhook secret is configured for this provider."),
        WebhookStatus.BadSignature => Problem.Of(ErrorCode.InvalidSignature, "The signature does not fit the body, or is too old."),
        WebhookStatus.NotAnEvent => Problem.Of(ErrorCode.InvalidRequest, "The body is signed, but is not an event."),
        WebhookStatus.Unavailable => new Problem
        {
            Code = ErrorCode.PaymentsDisabled,
            Detail = "The payment provider has to be asked about this event, and does not answer now. Send it again.",
            RetryAfter = TimeSpan.FromMinutes(1),
        },
        _ => throw new InvalidOperationException($"Unknown status {status}."),
    };

    private static Problem TooLarge => Problem.Of(ErrorCode.BodyTooLarge, $"The body may have at most {RequestBody.MaxBytes} bytes.");
}
