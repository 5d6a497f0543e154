namespace MeteringGateway.Http.Authentication;

internal enum KeyMode
{
    Live,
    Test,
}

/// <summary>An API key as a client presents it, reduced to what a look-up needs.</summary>
internal readonly record struct ApiKeySecret(KeyMode Mode, SecretHash Hash)
{
    private const string LivePrefix = "mg_live_";
    private const string TestPrefix = "mg_test_";

    /// <summary>A new secret: its text, to be shown once, and the part of it that may be shown later.</summary>
    public static (string Text, string Visible, SecretHash Hash) Create(KeyMode mode)
    {
        var prefix = mode == KeyMode.Live ? LivePrefix : TestPrefix;
        var text = SecretText.Create(prefix);
        return (text, SecretText.Visible(prefix, text), SecretHash.Of(text));
    }

    public static bool TryParse(ReadOnlySpan<char> text, out ApiKeySecret secret)
    {
        KeyMode? mode = SecretText.IsWellFormed(LivePrefix, text) ? KeyMode.Live
            : SecretText.IsWellFormed(TestPrefix, text) ? KeyMode.Test
            : null;
        secret = mode is { } m ? new ApiKeySecret(m, SecretHash.Of(text)) : default;
        return mode is not null;
    }
}
