namespace MeteringGateway.Calls.Pricing;

/// <summary>
/// Makes a provider say what a stream has used, for a surface that has <c>AskForUsage</c>: providers of the OpenAI shape say it only where
/// the request asks for it. The one exception to a body that goes on byte for byte.
/// </summary>
internal static class UsageRequest
{
    private const string Options = "stream_options";

    private static ReadOnlySpan<byte> Asked => ",\"stream_options\":{\"include_usage\":true}"u8;

    /// <summary>The body itself where it asks for no stream, or says with options of its own what it wants.</summary>
    public static ReadOnlyMemory<byte> Ask(ReadOnlyMemory<byte> body)
    {
        if (!StreamFlag.Read(body.Span, Options, out var hasOptions, out var end) || hasOptions)
        {
            return body;
        }

        var asking = new byte[body.Length + Asked.Length];
        body.Span[..end].CopyTo(asking);
        Asked.CopyTo(asking.AsSpan(end));
        body.Span[end..].CopyTo(asking.AsSpan(end + Asked.Length));
        return asking;
    }
}
