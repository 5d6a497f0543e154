using System.Buffers;
using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Http.Bounds;

namespace MeteringGateway.Calls.Streams;

/// <summary>
/// Sends a provider's answer to the client as it comes, each piece at once, and reads on where the client has left: what the provider has
/// done is charged all the same, and only its end tells how much it was. Any number of callers at once.
/// </summary>
internal sealed class StreamRelay(StreamStop stop, TimeProvider time)
{
    /// <summary>Of a stream that runs for minutes beside a thousand others, this much is in memory.</summary>
    private const int PieceBytes = 16 * 1024;

    /// <param name="context">Its answer has its head; the client's leaving ends nothing here.</param>
    /// <param name="answer">To be read to its end.</param>
    /// <param name="meter">Sees each piece before the client does; null: nothing in it matters.</param>
    /// <param name="limit">From now on.</param>
    public async Task<StreamEnd> RunAsync(HttpContext context, StreamedAnswer answer, UsageMeter? meter, TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            if (!await SendAsync(context, answer.TakeBeginning(), meter, either.Token))
            {
                return StreamEnd.BrokeOff;
            }

            BodyLease.Of(context).TryKeepAnswer(PieceBytes);
            while (await answer.Rest.ReadAsync(buffer.AsMemory(0, PieceBytes), either.Token) is var read and > 0)
            {
                if (!await SendAsync(context, buffer.AsMemory(0, read), meter, either.Token))
                {
                    return StreamEnd.BrokeOff;
                }
            }

            meter?.End();
            return meter is { IsDamaged: true } ? StreamEnd.BrokeOff : StreamEnd.Whole;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return stop.Token.IsCancellationRequested ? StreamEnd.Stopped : StreamEnd.TimedOut;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            // The connection is gone with the stream in it: for the stream that is the provider's break, whatever ended the connection.
            return StreamEnd.BrokeOff;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>False: what comes is not what it said it is, and the client gets no more of it.</returns>
    private static async ValueTask<bool> SendAsync(
        HttpContext context, ReadOnlyMemory<byte> piece, UsageMeter? meter, CancellationToken cancellationToken)
    {
        meter?.Read(piece.Span);
        if (meter is { IsDamaged: true })
        {
            return false;
        }

        if (piece.IsEmpty || context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        try
        {
            await context.Response.Body.WriteAsync(piece, cancellationToken);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has left; or the time is up, which the next read finds.
        }

        return true;
    }
}
