namespace MeteringGateway.Http.Authentication;

/// <summary>Where a request may say who it is.</summary>
internal static class CredentialHeaders
{
    public static string[] Names { get; } = ["Authorization", "X-Api-Key", "api-key", "X-Session", "X-Kendr-Session", "Cookie"];

    public static bool AreIn(IHeaderDictionary headers)
    {
        foreach (var name in Names)
        {
            if (headers.ContainsKey(name))
            {
                return true;
            }
        }

        return false;
    }
}
