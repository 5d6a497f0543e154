using Microsoft.Extensions.Options;

namespace MeteringGateway.Authentication;

/// <summary>The section <c>OAuth</c>: an identity provider whose tokens are accepted on the account APIs.</summary>
internal sealed class OAuthOptions
{
    /// <summary>Where RFC 7662 introspection is served. Unset: no OAuth tokens are accepted.</summary>
    public string? IntrospectionEndpoint { get; set; }

    /// <summary>What the gateway is called at the provider.</summary>
    public string? ClientId { get; set; }
    public string? ClientSecret { get; set; }

    /// <summary>When set, a token must be meant for it (<c>aud</c>): a provider serves other applications too.</summary>
    public string? Audience { get; set; }

    /// <summary>How long an answer is believed: the longest that a token revoked at the provider still works here.</summary>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A provider that needs longer is taken as away (503).</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    public bool IsOn => !string.IsNullOrEmpty(IntrospectionEndpoint);
}

/// <summary>All that is wrong with the section at once; a secret is never shown.</summary>
internal sealed class OAuthOptionsValidator : IValidateOptions<OAuthOptions>
{
    private static readonly TimeSpan MaxCache = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromSeconds(30);

    public ValidateOptionsResult Validate(string? name, OAuthOptions options)
    {
        var errors = new List<string>();
        if (options.IsOn)
        {
            if (!Uri.TryCreate(options.IntrospectionEndpoint, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
            {
                errors.Add($"OAuth:IntrospectionEndpoint is '{options.IntrospectionEndpoint}'; it must be an absolute https or http address.");
            }

            if (string.IsNullOrEmpty(options.ClientId))
            {
                errors.Add("OAuth:ClientId is empty; with OAuth:IntrospectionEndpoint it must be the gateway's name at the identity provider.");
            }

            if (string.IsNullOrEmpty(options.ClientSecret))
            {
                errors.Add("OAuth:ClientSecret is empty; with OAuth:IntrospectionEndpoint it must be the gateway's secret at the identity provider.");
            }
        }

        if (options.CacheFor < TimeSpan.Zero || options.CacheFor > MaxCache)
        {
            errors.Add($"OAuth:CacheFor is '{options.CacheFor}'; it must be from 00:00:00 to {MaxCache}.");
        }

        if (options.Timeout <= TimeSpan.Zero || options.Timeout > MaxTimeout)
        {
            errors.Add($"OAuth:Timeout is '{options.Timeout}'; it must be above 00:00:00 and at most {MaxTimeout}.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
