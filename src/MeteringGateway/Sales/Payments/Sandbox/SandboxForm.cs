using System.Text;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.Sales.Payments.Sandbox;

/// <summary>What the page's form says: <c>action=pay</c> or <c>action=decline</c>, from the page itself and from no other site.</summary>
internal static class SandboxForm
{
    private const string Pay = "pay";
    private const string Decline = "decline";
    private const string FormType = "application/x-www-form-urlencoded";

    public static async Task<(bool Pays, Problem? Problem)> ReadAsync(HttpRequest request, string gatewayUrl)
    {
        if (IsFromAnotherSite(request, gatewayUrl))
        {
            return (false, Problem.Of(ErrorCode.Forbidden, "A payment is answered on its own page, not from another site."));
        }

        if (request.ContentType?.Split(';')[0].Trim().Equals(FormType, StringComparison.OrdinalIgnoreCase) != true)
        {
            return (false, Problem.Of(ErrorCode.UnsupportedMediaType, $"Send 'Content-Type: {FormType}'."));
        }

        if (await RequestBody.ReadBytesAsync(request) is not { } form)
        {
            return (false, Problem.Of(ErrorCode.BodyTooLarge, $"The body may have at most {RequestBody.MaxBytes} bytes."));
        }

        // One value: of two that differ nobody could say which button was pressed.
        var action = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(form)).GetValueOrDefault("action");
        return action.Count == 1 && action[0] is Pay or Decline
            ? (action[0] == Pay, null)
            : (false, Problem.InvalidRequest(new FieldError("#/action", $"must be {Pay} or {Decline}")));
    }

    /// <summary>
    /// The payment's id can't be guessed, so a foreign page has nothing to post to; where it has learnt one, the browser still says whose
    /// form it is. A client that is no browser says neither and is let through.
    /// </summary>
    private static bool IsFromAnotherSite(HttpRequest request, string gatewayUrl)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            return site is not ("same-origin" or "none");
        }

        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && (Is(from, request.Host.Value) || Is(from, new Uri(gatewayUrl).Authority)));

        // A proxy may have put its own name for us in place of the one that the browser knows.
        static bool Is(Uri from, string? authority) => from.Authority.Equals(authority, StringComparison.OrdinalIgnoreCase);
    }
}
