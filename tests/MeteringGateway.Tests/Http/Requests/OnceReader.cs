using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.Tests.Http.Requests;

/// <summary>
/// A body that is there at once, a part of it with each read. As the server's own readers do, each read may be asked for its result once:
/// its source is used again for the next.
/// </summary>
internal sealed class OnceReader(params byte[][] parts) : PipeReader, IRequestBodyPipeFeature, IValueTaskSource<ReadResult>
{
    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private int _parts;

    public PipeReader Reader => this;

    /// <summary>A request with that body.</summary>
    public static HttpRequest Of(HttpRequest request, params byte[][] parts)
    {
        request.HttpContext.Features.Set<IRequestBodyPipeFeature>(new OnceReader(parts));
        return request;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        _parts = Math.Min(_parts + 1, parts.Length);
        _read.Reset();
        byte[] bytes = [.. parts.Take(_parts).SelectMany(part => part)];
        _read.SetResult(new ReadResult(new(bytes), isCanceled: false, isCompleted: _parts == parts.Length));
        return new ValueTask<ReadResult>(this, _read.Version);
    }

    public override void AdvanceTo(SequencePosition consumed)
    {
    }

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
    }

    public override void CancelPendingRead() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null)
    {
    }

    public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        var result = _read.GetResult(token);
        _read.Reset();
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);
}
