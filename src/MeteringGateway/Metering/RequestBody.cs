using System.Buffers;

namespace MeteringGateway.Metering;

/// <summary>Reads a client's body whole, once, before anything is reserved: a slow upload never holds credits.</summary>
internal static class RequestBody
{
    /// <summary>The body, or null when it is larger than <paramref name="bound"/>.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int bound, CancellationToken cancellationToken)
    {
        if (request.ContentLength > bound)
        {
            return null;
        }

        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > bound)
            {
                reader.AdvanceTo(result.Buffer.End);
                return null;
            }

            if (result.IsCompleted)
            {
                ReadOnlyMemory<byte> whole = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return whole;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
