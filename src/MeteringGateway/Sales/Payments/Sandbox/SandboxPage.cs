using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using MeteringGateway.Calls.Pricing;

namespace MeteringGateway.Sales.Payments.Sandbox;

/// <summary>
/// The page on which a customer pays: what is bought, what it costs, where it leads, and two buttons. Reading it changes nothing, however
/// often and by any number of readers it is fetched. It runs no script, loads nothing, is kept by nobody and stands in no frame.
/// </summary>
internal static class SandboxPage
{
    private const string Style =
        "body{font:16px/1.5 sans-serif;max-width:28rem;margin:4rem auto;padding:0 1rem;color:#1d232b}"
        + ".amount{font-size:2rem;font-weight:bold;margin:0}button{font:inherit;padding:.5rem "
        + "1.5rem;margin-right:.5rem}.note{color:#5a6472}";

    private static readonly string StyleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    /// <summary>With the headers that go with it.</summary>
    /// <param name="response">Gets the headers.</param>
    /// <param name="payment">What is to be paid.</param>
    /// <param name="sold">What for, in words; null: not known.</param>
    public static IResult Of(HttpResponse response, SandboxPayment payment, string? sold)
    {
        var targets = new[] { payment.SuccessUrl, payment.CancelUrl }.OfType<string>().Select(ReturnUrl.OriginOf).Distinct();
        var headers = response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'sha256-{StyleHash}'; form-action 'self' {string.Join(' ', targets)}; base-uri 'none'; "
            + "frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";

        // Not no-referrer: under that a browser sends 'Origin: null' with the form, and could not be told from another site's.
        headers["Referrer-Policy"] = "same-origin";
        return Results.Content(Html(payment, sold), "text/html; charset=utf-8");
    }

    private static string Html(SandboxPayment payment, string? sold)
    {
        var isSetup = SandboxSetup.AccountOf(payment.Reference) is not null;
        var amount = isSetup ? "Nothing to pay" : Text(Currency.Show(payment.AmountCents, payment.Currency));
        var action = isSetup ? "Save a payment method" : "Pay " + amount;
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{action} (sandbox)</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>Sandbox payment</h1>
            <p>{(isSetup ? "Nothing is paid, and no card is asked for." : Text(sold ?? payment.Reference))}</p>
            <p class="amount">{amount}</p>
            {(payment.Status == "pending" ? Form(payment, action) : Settled(payment))}
            </main>
            </body>
            </html>

            """;
    }

    private static string Form(SandboxPayment payment, string action) => $"""
        <form method="post" action="{Text(payment.Id)}">
        <button type="submit" name="action" value="pay">{action}</button>
        <button type="submit" name="action" value="decline">Decline</button>
        </form>
        <p class="note">No money moves: this page stands in for a payment provider's. It leads back to {Text(ReturnUrl.OriginOf(payment.SuccessUrl!))}.</p>
        """;

    private static string Settled(SandboxPayment payment) => $"""
        <p>This payment is {Text(payment.Status)}. There is nothing more to do here.</p>
        <p><a href="{Text(payment.LeadsTo)}" rel="noreferrer">Go on</a></p>
        """;

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
