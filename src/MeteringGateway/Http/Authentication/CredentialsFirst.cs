namespace MeteringGateway.Http.Authentication;

/// <summary>
/// Metadata of an endpoint that asks for credentials: it looks at them before it tells anything else that is wrong with a request, and the
/// OpenAPI document says which ones it takes.
/// </summary>
internal sealed class CredentialsFirst
{
    /// <summary>The operator's token.</summary>
    public static CredentialsFirst Operator { get; } = new();

    /// <summary>An account's key or session.</summary>
    public static CredentialsFirst Account { get; } = new();

    /// <summary>An account's session, or a provider's token in its place.</summary>
    public static CredentialsFirst Session { get; } = new();

    /// <summary>An API key.</summary>
    public static CredentialsFirst Key { get; } = new();

    private CredentialsFirst()
    {
    }
}
