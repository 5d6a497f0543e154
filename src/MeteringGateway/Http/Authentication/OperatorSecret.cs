namespace MeteringGateway.Http.Authentication;

/// <summary>The token of an operator (<c>mgo_…</c>).</summary>
internal static class OperatorSecret
{
    private const string Prefix = "mgo_";

    /// <summary>A new token: its text, to be shown once, and the part of it that may be shown later.</summary>
    public static (string Text, string Visible, SecretHash Hash) Create()
    {
        var text = SecretText.Create(Prefix);
        return (text, SecretText.Visible(Prefix, text), SecretHash.Of(text));
    }

    public static bool TryParse(ReadOnlySpan<char> text, out SecretHash hash)
    {
        var wellFormed = SecretText.IsWellFormed(Prefix, text);
        hash = wellFormed ? SecretHash.Of(text) : default;
        return wellFormed;
    }
}
