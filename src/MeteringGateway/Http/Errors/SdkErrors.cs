namespace MeteringGateway.Http.Errors;

/// <summary>
/// On a request under a provider's own path: problems also have the member <c>error: {message, type, code}</c>, which the SDKs of those
/// APIs show their users.
/// </summary>
internal sealed class SdkErrors
{
    public static readonly SdkErrors Instance = new();
}
