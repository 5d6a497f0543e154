namespace MeteringGateway.Fallback;

/// <summary>Reads a provider's body whole.</summary>
internal static class BodyBuffer
{
    private const int FirstBytes = 4 * 1024;

    /// <summary>
    /// The body, or null when it is larger than <paramref name="bound"/>. Throws where the connection ended before the length
    /// or the last chunk that the provider had promised: the handler checks both. Where it promised neither, nobody can tell here.
    /// </summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int bound, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength is { } promised && promised > bound)
        {
            return null;
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);

        // One byte more than promised, so that the read that finds the end needs no larger buffer.
        var buffer = new byte[content.Headers.ContentLength + 1 ?? FirstBytes];
        var length = 0;
        while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is var read and > 0)
        {
            length += read;
            if (length > bound)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        return buffer.AsMemory(0, length);
    }
}
