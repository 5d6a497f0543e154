namespace MeteringGateway.Http.Authentication;

/// <summary>From a request's headers to the key that calls. Garbage is refused without asking Redis or PostgreSQL.</summary>
internal sealed class KeyAuthenticator(KeyDirectory keys)
{
    /// <param name="headers">Of the request.</param>
    /// <param name="isRoute">Under a provider's own path its clients' header counts, too: <c>api-key</c>.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public ValueTask<KeyLookup> FindAsync(IHeaderDictionary headers, bool isRoute, CancellationToken cancellationToken)
    {
        // The way of nearly all calls: one header, and no copy of what is in it.
        if (headers.Authorization is [{ } value] && value.StartsWith(Credential.Scheme, StringComparison.OrdinalIgnoreCase)
            && !headers.ContainsKey("X-Api-Key") && !(isRoute && headers.ContainsKey("api-key"))
            && ApiKeySecret.TryParse(value.AsSpan(Credential.Scheme.Length), out var only))
        {
            return keys.FindAsync(only, cancellationToken);
        }

        var credential = isRoute ? Credential.ReadWithApiKey(headers) : Credential.Read(headers);
        return credential.Status == CredentialStatus.Present && ApiKeySecret.TryParse(credential.Value, out var secret)
            ? keys.FindAsync(secret, cancellationToken)
            : new ValueTask<KeyLookup>(KeyLookup.Unknown);
    }
}
