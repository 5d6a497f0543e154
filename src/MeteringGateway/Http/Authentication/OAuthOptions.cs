using System.ComponentModel.DataAnnotations;
using MeteringGateway.Configuration;

namespace MeteringGateway.Http.Authentication;

/// <summary>An identity provider whose tokens are accepted on the account APIs: section <c>OAuth</c>.</summary>
internal sealed class OAuthOptions
{
    public const string Section = "OAuth";

    /// <summary>Where RFC 7662 introspection is served. Unset: no OAuth tokens are accepted.</summary>
    public string? IntrospectionEndpoint { get; set; }

    /// <summary>
    /// What clients of <c>/mcp</c> are told to ask for a token (RFC 9728). Unset: the origin of <see cref="IntrospectionEndpoint"/>,
    /// which is right for a provider that does not stand below a path.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>What the gateway is called at the provider.</summary>
    public string? ClientId { get; set; }
    public string? ClientSecret { get; set; }

    /// <summary>When set, a token must be meant for it (<c>aud</c>): a provider serves other applications too.</summary>
    public string? Audience { get; set; }

    /// <summary>
    /// Whether an email counts as the person's where the answer has no <c>email_verified</c> at all. Off: an email opens an account here,
    /// and many providers let their users write what they like. On only for one that has checked every email it gives out.
    /// </summary>
    public bool TrustEmails { get; set; }

    /// <summary>How long an answer is believed: the longest that a token revoked at the provider still works here.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A provider that needs longer is taken as away (503).</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    public bool IsOn => !string.IsNullOrEmpty(IntrospectionEndpoint);

    public string IssuerOrOrigin =>
        string.IsNullOrEmpty(Issuer) ? new Uri(IntrospectionEndpoint!).GetLeftPart(UriPartial.Authority) : Issuer;

    /// <summary>What no single field shows. The secret is never shown.</summary>
    public void Check(ConfigurationErrors errors)
    {
        if (!IsOn)
        {
            // An operator that sets the rest believes that tokens are accepted.
            if (!string.IsNullOrEmpty(ClientId) || !string.IsNullOrEmpty(ClientSecret) || !string.IsNullOrEmpty(Audience)
                || !string.IsNullOrEmpty(Issuer))
            {
                errors.Missing(
                    $"{Section}:{nameof(IntrospectionEndpoint)}", "set beside the others, like https://id.example.com/oauth/introspect");
            }

            return;
        }

        if (!Uri.TryCreate(IntrospectionEndpoint, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            errors.Add(
                $"{Section}:{nameof(IntrospectionEndpoint)}",
                IntrospectionEndpoint, "an address like https://id.example.com/oauth/introspect");
        }

        if (!string.IsNullOrEmpty(Issuer)
            && (!Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer) || issuer.Scheme is not ("https" or "http")))
        {
            errors.Add($"{Section}:{nameof(Issuer)}", Issuer, "an address like https://id.example.com");
        }

        if (string.IsNullOrEmpty(ClientId))
        {
            errors.Missing($"{Section}:{nameof(ClientId)}", "the gateway's name at the identity provider");
        }

        if (string.IsNullOrEmpty(ClientSecret))
        {
            errors.Missing($"{Section}:{nameof(ClientSecret)}", "the gateway's secret at the identity provider");
        }
    }
}
