using System.Buffers;
using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Calls.Streams;

/// <summary>
/// Sends a provider's answer to the client as it comes, each piece at once, and reads on where the client has left: what the provider has
/// done is charged all the same, and only its end tells how much it was. A client that reads slowly holds the provider up, but not beyond
/// most of the stream's time: then it counts as one that left, or it could choose to be cut before the usage is shown. Any number of
/// callers at once.
/// </summary>
internal sealed class StreamRelay(StreamStop stop, TimeProvider time)
{
    /// <summary>Of a stream that runs for minutes beside a thousand others, this much is in memory.</summary>
    private const int PieceBytes = 16 * 1024;

    /// <summary>What is left of a stream's time for reading it to its end where its client can't be written to.</summary>
    private const double LastPart = 0.2;

    /// <summary>In the last part a client that reads takes a piece at once.</summary>
    private static readonly TimeSpan s_lastPatience = TimeSpan.FromMilliseconds(200);

    /// <param name="context">Its answer has its head; the client's leaving ends nothing here.</param>
    /// <param name="answer">To be read to its end.</param>
    /// <param name="meter">Sees each piece before the client does; null: nothing in it matters.</param>
    /// <param name="limit">From now on.</param>
    public async Task<StreamEnd> RunAsync(HttpContext context, StreamedAnswer answer, UsageMeter? meter, TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop.Ended);
        using var last = new CancellationTokenSource(limit * (1 - LastPart), time);
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(last.Token, stop.LastCall);
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            if (!await SendAsync(context, answer.TakeBeginning(), meter, hurry.Token))
            {
                return StreamEnd.BrokeOff;
            }

            FaultPoint.Hit("mid-stream");
            BodyLease.Of(context).TryKeepAnswer(PieceBytes);
            while (await answer.Rest.ReadAsync(buffer.AsMemory(0, PieceBytes), either.Token) is var read and > 0)
            {
                if (!await SendAsync(context, buffer.AsMemory(0, read), meter, hurry.Token))
                {
                    return StreamEnd.BrokeOff;
                }
            }

            meter?.End();
            return meter is { IsDamaged: true } ? StreamEnd.BrokeOff : StreamEnd.Whole;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return stop.Ended.IsCancellationRequested ? StreamEnd.Stopped : StreamEnd.TimedOut;
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
    private async ValueTask<bool> SendAsync(
        HttpContext context, ReadOnlyMemory<byte> piece, UsageMeter? meter, CancellationToken hurry)
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
            await WriteAsync(context, piece, hurry);
        }
        catch (IOException)
        {
            // The client has left.
        }

        return true;
    }

    /// <summary>A client that does not read is cut when little time is left: a write that is given up has no other end.</summary>
    private async ValueTask WriteAsync(HttpContext context, ReadOnlyMemory<byte> piece, CancellationToken hurry)
    {
        var writing = context.Response.Body.WriteAsync(piece, CancellationToken.None);
        if (writing.IsCompletedSuccessfully)
        {
            return;
        }

        var written = writing.AsTask();
        var hurried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (hurry.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), hurried))
        {
            if (await Task.WhenAny(written, hurried.Task) != written
                && await Task.WhenAny(written, Task.Delay(s_lastPatience, time, CancellationToken.None)) != written)
            {
                context.Abort();
            }
        }

        // After a cut it ends by itself; the buffer is in use until then.
        await written;
    }
}
