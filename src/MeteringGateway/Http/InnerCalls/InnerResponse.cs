using MeteringGateway.Http.Bounds;
using Microsoft.AspNetCore.Http.Features;

namespace MeteringGateway.Http.InnerCalls;

/// <summary>
/// The answer of an inner call, kept in memory: what a server does around an answer (the calls at its start and its end) without a
/// connection. For one request, one caller at a time.
/// </summary>
internal sealed class InnerResponse : HttpResponseFeature, IHttpResponseTrailersFeature
{
    private readonly int _bound;
    private readonly BodyLease? _lease;
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _completed = new();
    private bool _hasStarted;

    /// <param name="bound">Bytes of the body that are kept at most.</param>
    /// <param name="lease">Counts them; null: nobody does.</param>
    public InnerResponse(int bound, BodyLease? lease)
    {
        (_bound, _lease) = (bound, lease);
        Bytes = new Sink(this);
        BodyFeature = new Output(this);
    }

    public ReadOnlyMemory<byte> Kept => Bytes.GetBuffer().AsMemory(0, (int)Bytes.Length);

    /// <summary>There was more than is kept, or than there is room for.</summary>
    public bool IsCut { get; private set; }

    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    private MemoryStream Bytes { get; }

    public IHttpResponseBodyFeature BodyFeature { get; }

    public override bool HasStarted => _hasStarted;

    public override void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    public override void OnCompleted(Func<object, Task> callback, object state) => _completed.Push((callback, state));

    /// <summary>Before the first byte of the body, or at the end of an answer without one.</summary>
    public async Task StartAsync()
    {
        if (_hasStarted)
        {
            return;
        }

        while (_starting.TryPop(out var next))
        {
            await next.Callback(next.State);
        }

        _hasStarted = true;
    }

    /// <summary>Gives back what the request has taken. Call once, whatever became of it.</summary>
    public async Task CompleteAsync()
    {
        while (_completed.TryPop(out var next))
        {
            await next.Callback(next.State);
        }
    }

    /// <summary>An answer that is charged as it goes on must be read to its end, so what is too much is passed over.</summary>
    private void Keep(ReadOnlySpan<byte> piece)
    {
        IsCut = IsCut || Bytes.Length + piece.Length > _bound || _lease?.TryKeepAnswer(Bytes.Length + piece.Length) == false;
        if (!IsCut)
        {
            Bytes.Write(piece);
        }
    }

    private sealed class Output(InnerResponse response) : StreamResponseBodyFeature(response.Bytes)
    {
        public override Task StartAsync(CancellationToken cancellationToken = default) => response.StartAsync();
    }

    private sealed class Sink(InnerResponse response) : MemoryStream
    {
        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await response.StartAsync();
            response.Keep(buffer.Span);
        }
    }
}
