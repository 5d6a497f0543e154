using System.Buffers;
using System.IO.Pipelines;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.Http.Requests;

/// <summary>A request's body, whole, or the problem to answer with.</summary>
internal readonly record struct BodyRead(ReadOnlyMemory<byte> Bytes, Problem? Problem);

/// <summary>
/// Reads a request's body whole, once: the one place where that happens, so that the bounds on size, memory and open uploads hold for
/// every endpoint, and what a client breaks is told from what we do.
/// </summary>
internal static class BodyBytes
{
    public static async ValueTask<BodyRead> ReadAsync(HttpRequest request, int bound, CancellationToken cancellationToken)
    {
        // The bound here is ours. Kestrel's own would cut the connection under a client that is still sending,
        // and it would never read the 413.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (request.ContentLength > bound)
        {
            return TooLarge(bound);
        }

        try
        {
            if (request.Headers.Expect.Count > 0)
            {
                // Reading asks the client to go on: one that has to be refused is refused instead.
                return await UploadAsync(request, null, bound, cancellationToken);
            }

            var first = request.BodyReader.ReadAsync(cancellationToken);
            if (!first.IsCompletedSuccessfully)
            {
                return await UploadAsync(request, first, bound, cancellationToken);
            }

            // Asked for once: the server may use the source of a ValueTask again as soon as somebody has its result.
            var result = first.Result;
            return result.IsCompleted
                ? Take(request, result.Buffer, bound)
                : await UploadAsync(request, new ValueTask<ReadResult>(result), bound, cancellationToken);
        }
        catch (IOException e) when (e.InnerException is OverflowException)
        {
            throw new BadHttpRequestException("A chunk of the body is larger than anything can be.", StatusCodes.Status400BadRequest, e);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new ConnectionAbortedException("The client left in the middle of its body.", e);
        }
    }

    /// <param name="first">What was read already, or is being read; null: nothing yet.</param>
    private static async ValueTask<BodyRead> UploadAsync(
        HttpRequest request, ValueTask<ReadResult>? first, int bound, CancellationToken cancellationToken)
    {
        var context = request.HttpContext;
        var uploads = context.RequestServices.GetRequiredService<OpenUploads>().ByAddress;
        var client = context.Connection.RemoteIpAddress;
        if (!uploads.TryEnter(client))
        {
            return new BodyRead(default, Problem.Of(ErrorCode.RateLimited, "Too many request bodies of this address are under way."));
        }

        try
        {
            var result = await (first ?? request.BodyReader.ReadAsync(cancellationToken));
            while (true)
            {
                if (result.IsCompleted || result.Buffer.Length > bound)
                {
                    return Take(request, result.Buffer, bound);
                }

                if (!BodyLease.Of(context).TryKeepBody(result.Buffer.Length))
                {
                    request.BodyReader.AdvanceTo(result.Buffer.End);
                    return Overloaded;
                }

                request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                result = await request.BodyReader.ReadAsync(cancellationToken);
            }
        }
        finally
        {
            uploads.Leave(client);
        }
    }

    private static BodyRead Take(HttpRequest request, in ReadOnlySequence<byte> buffer, int bound)
    {
        try
        {
            var lease = BodyLease.Of(request.HttpContext);
            if (buffer.Length > bound)
            {
                return TooLarge(bound);
            }

            lease.IsBodyRead = true;
            return lease.TryKeepBody(buffer.Length) ? new BodyRead(buffer.ToArray(), null) : Overloaded;
        }
        finally
        {
            request.BodyReader.AdvanceTo(buffer.End);
        }
    }

    private static BodyRead Overloaded => new(default, Problem.Overloaded);

    private static BodyRead TooLarge(int bound) =>
        new(default, Problem.Of(ErrorCode.BodyTooLarge, $"The body may have {bound} bytes at most."));
}
