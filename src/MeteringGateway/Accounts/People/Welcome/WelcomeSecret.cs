using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Accounts.People.Welcome;

/// <summary>The secret in a welcome link (<c>mgl_…</c>).</summary>
internal static class WelcomeSecret
{
    private const string Prefix = "mgl_";

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
