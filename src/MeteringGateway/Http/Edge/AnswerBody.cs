using MeteringGateway.Http.Bounds;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Http.Edge;

/// <summary>
/// Sends a held answer in pieces: the server copies what it is given into buffers of its own, all of it at once if it is given all at
/// once, and allows the more time for it the more it is.
/// </summary>
internal sealed class AnswerBody(IOptions<ClientOptions> options)
{
    public const int PieceBytes = 64 * 1024;

    /// <summary>Up to one piece is sent as it is. A client that does not read the next piece in time is cut.</summary>
    public Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes) =>
        bytes.Length <= PieceBytes ? context.Response.Body.WriteAsync(bytes).AsTask() : WritePiecesAsync(context, bytes);

    private async Task WritePiecesAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        try
        {
            for (var at = 0; at < bytes.Length; at += PieceBytes)
            {
                patience.CancelAfter(options.Value.ReadPatience);
                await context.Response.Body.WriteAsync(bytes.Slice(at, Math.Min(PieceBytes, bytes.Length - at)), patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }
}
