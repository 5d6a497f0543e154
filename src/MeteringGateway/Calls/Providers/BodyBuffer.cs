using System.Buffers;
using MeteringGateway.Http.Bounds;

namespace MeteringGateway.Calls.Providers;

internal enum BodyStatus
{
    Whole,

    /// <summary>Larger than what is held back.</summary>
    TooLarge,

    /// <summary>The gateway has no memory left for it: nothing that the provider has done.</summary>
    Overloaded,
}

/// <summary>Reads a provider's body whole.</summary>
internal static class BodyBuffer
{
    /// <summary>Below the size from which the collector keeps an array apart and seldom looks at it.</summary>
    private const int PieceBytes = 64 * 1024;

    /// <summary>Where a byte goes that must not come: whatever is written there nobody reads.</summary>
    private static readonly Memory<byte> s_rest = new byte[1];

    /// <summary>
    /// The body, up to <paramref name="bound"/>, counted in <paramref name="lease"/>; where it is larger, what has arrived. Throws where
    /// the connection ended before the length or the last chunk that the provider had promised: the handler checks both. Where it promised
    /// neither, nobody can tell here.
    /// </summary>
    public static async ValueTask<(BodyStatus Status, ReadOnlyMemory<byte> Body)> ReadAsync(
        Stream stream, long? promised, int bound, BodyLease lease, CancellationToken cancellationToken)
    {
        if (promised > bound)
        {
            return (BodyStatus.TooLarge, default);
        }

        try
        {
            return promised is { } length && lease.TryKeepAnswer(length)
                ? (BodyStatus.Whole, await ReadPromisedAsync(stream, (int)length, cancellationToken))
                : promised is null ? await ReadPiecesAsync(stream, bound, lease, cancellationToken) : (BodyStatus.Overloaded, default);
        }
        catch (OutOfMemoryException)
        {
            // A bound outside of this process came first; what was allocated is the collector's again.
            return (BodyStatus.Overloaded, default);
        }
    }

    /// <summary>One array of the length that was promised: nothing is copied, and nothing grows.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>> ReadPromisedAsync(Stream stream, int length, CancellationToken cancellationToken)
    {
        var buffer = new byte[length];
        await stream.ReadExactlyAsync(buffer, cancellationToken);

        // The handler notices the end only when it is asked for it; without that the connection is not used again.
        return await stream.ReadAsync(s_rest, cancellationToken) == 0
            ? buffer
            : throw new HttpRequestException("More came than was promised.");
    }

    private static async ValueTask<(BodyStatus Status, ReadOnlyMemory<byte> Body)> ReadPiecesAsync(
        Stream stream, int bound, BodyLease lease, CancellationToken cancellationToken)
    {
        var pieces = new List<byte[]>();
        try
        {
            var length = 0;
            while (true)
            {
                var at = length % PieceBytes;
                if (at == 0 && length == pieces.Count * PieceBytes)
                {
                    if (!lease.TryKeepAnswer(length + PieceBytes))
                    {
                        return (BodyStatus.Overloaded, default);
                    }

                    pieces.Add(ArrayPool<byte>.Shared.Rent(PieceBytes));
                }

                var read = await stream.ReadAsync(pieces[^1].AsMemory(at, PieceBytes - at), cancellationToken);
                length += read;
                if (length > bound)
                {
                    return lease.TryKeepAnswer(2L * length)
                        ? (BodyStatus.TooLarge, Join(pieces, length, lease))
                        : (BodyStatus.Overloaded, default);
                }

                if (read == 0)
                {
                    return lease.TryKeepAnswer(2L * length)
                        ? (BodyStatus.Whole, Join(pieces, length, lease))
                        : (BodyStatus.Overloaded, default);
                }
            }
        }
        finally
        {
            // Not cleared: each renter writes over the buffer before reading it.
            pieces.ForEach(static piece => ArrayPool<byte>.Shared.Return(piece));
        }
    }

    /// <summary>For the moment of the copy both are there, and both were counted.</summary>
    private static ReadOnlyMemory<byte> Join(List<byte[]> pieces, int length, BodyLease lease)
    {
        var whole = new byte[length];
        for (var at = 0; at < length; at += PieceBytes)
        {
            pieces[at / PieceBytes].AsSpan(0, Math.Min(PieceBytes, length - at)).CopyTo(whole.AsSpan(at));
        }

        lease.TryKeepAnswer(length);
        return whole;
    }
}
