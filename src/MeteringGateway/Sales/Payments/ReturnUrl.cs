namespace MeteringGateway.Sales.Payments;

/// <summary>
/// Where a customer is sent after paying, or after not paying. The customer's client says the address with the session; it is kept with the
/// payment: nothing of the page's own address decides it, so a link to the page can't be bent to lead elsewhere.
/// </summary>
internal static class ReturnUrl
{
    /// <summary>As Stripe has it: a client that asks for the session's id in its address gets the payment's.</summary>
    private const string SessionId = "{CHECKOUT_SESSION_ID}";
    private const int MaxLength = 2000;

    /// <summary>Nothing but a page of the web. A backslash is a slash to browsers and none to others, so no address may have one.</summary>
    public static bool IsOne(string? text) =>
        text is { Length: <= MaxLength } && !text.Any(sign => char.IsControl(sign) || char.IsWhiteSpace(sign) || sign == '\\')
        && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && IsHost(uri);

    /// <summary>As a header can carry it: ASCII alone, and every sign that means something else to another reader escaped.</summary>
    public static string Of(string url, string paymentId)
    {
        var uri = new Uri(url.Replace(SessionId, paymentId, StringComparison.Ordinal));
        return new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri;
    }

    /// <summary>Scheme, host and port, for a policy that says where a form may lead.</summary>
    public static string OriginOf(string url) => new Uri(Of(url, "")).GetLeftPart(UriPartial.Authority);

    private static bool IsHost(Uri uri)
    {
        try
        {
            return Uri.CheckHostName(uri.IdnHost) != UriHostNameType.Unknown;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
