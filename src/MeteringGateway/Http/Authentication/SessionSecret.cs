namespace MeteringGateway.Http.Authentication;

/// <summary>The token of an account's session (<c>mgs_…</c>).</summary>
internal static class SessionSecret
{
    private const string Prefix = "mgs_";

    public static (string Text, SecretHash Hash) Create()
    {
        var text = SecretText.Create(Prefix);
        return (text, SecretHash.Of(text));
    }

    public static bool TryParse(ReadOnlySpan<char> text, out SecretHash hash)
    {
        var wellFormed = SecretText.IsWellFormed(Prefix, text);
        hash = wellFormed ? SecretHash.Of(text) : default;
        return wellFormed;
    }
}
