using MeteringGateway.Http.Edge;
using MeteringGateway.Sales.Payments;

namespace MeteringGateway.WebConsole.Frame;

/// <summary>
/// The origins on which customers of this gateway pay, and the policy that names them: a browser follows the redirect of a form to no
/// other.
/// </summary>
internal sealed class PaymentPages(PaymentChannels channels, PublicUrl address)
{
    private readonly Lazy<string[]> _origins = new(() =>
        [.. channels.PageOrigins.Prepend(ReturnUrl.OriginOf(address.Value)).Distinct(StringComparer.OrdinalIgnoreCase)]);

    private string? _policy;

    public string Policy => _policy ??=
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + $"form-action 'self' {string.Join(' ', _origins.Value)}; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Whether a form's answer may lead there by itself. A page of a provider on a domain that nobody has named is reached by a link.
    /// </summary>
    public bool Allows(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && _origins.Value.Contains(ReturnUrl.OriginOf(uri.AbsoluteUri), StringComparer.OrdinalIgnoreCase);
}
