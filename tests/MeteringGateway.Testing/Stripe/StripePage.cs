using System.Net;
using System.Text.Json.Nodes;
using MeteringGateway.Testing.Stripe.Objects;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Testing.Stripe;

/// <summary>A session's hosted page, for a browser: its form pays with a test card, is declined, or leads back.</summary>
internal sealed class StripePage(StripeDouble owner, StripeWorld world)
{
    public async Task AnswerAsync(HttpContext context, string id)
    {
        var session = owner.Locked(() => world.Objects.Find(id, "checkout.session")?.DeepClone() as JsonObject);
        if (session is null)
        {
            context.Response.StatusCode = 404;
            return;
        }

        var action = context.Request.Method == "POST" ? (await context.Request.ReadFormAsync())["action"].ToString() : null;
        var code = action is "pay" or "decline" ? owner.Complete(id, action == "pay" ? "visa" : "chargeDeclined") : null;
        if (action == "cancel" || (action == "pay" && code is null))
        {
            var leadsTo = session.Text(action == "pay" ? "success_url" : "cancel_url")!;
            context.Response.StatusCode = 303;
            context.Response.Headers.Location = leadsTo.Replace("{CHECKOUT_SESSION_ID}", id, StringComparison.Ordinal);
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync($"""
            <!doctype html><title>Checkout</title>
            <p id="amount">{session.Whole("amount_total")} {WebUtility.HtmlEncode(session.Text("currency"))}</p>
            <p id="error">{WebUtility.HtmlEncode(code)}</p>
            <form method="post">
            <button name="action" value="pay">Pay</button>
            <button name="action" value="decline">Decline</button>
            <button name="action" value="cancel">Back</button>
            </form>
            """);
    }
}
