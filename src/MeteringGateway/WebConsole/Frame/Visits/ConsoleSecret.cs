using MeteringGateway.Http.Authentication;

namespace MeteringGateway.WebConsole.Frame.Visits;

/// <summary>
/// What the console's cookie holds (<c>mgc_…</c>). Its prefix is not that of a session's token, so no API takes it for one.
/// </summary>
internal static class ConsoleSecret
{
    private const string Prefix = "mgc_";

    public static (string Text, SecretHash Hash) Create()
    {
        var text = SecretText.Create(Prefix);
        return (text, SecretHash.Of(text));
    }

    public static SecretHash? Parse(string? text) =>
        text is not null && SecretText.IsWellFormed(Prefix, text) ? SecretHash.Of(text) : null;
}
