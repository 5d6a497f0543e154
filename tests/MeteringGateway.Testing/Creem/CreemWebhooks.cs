using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace MeteringGateway.Testing.Creem;

/// <summary>
/// Tells of what happened: by hand, in any order and any number of times, or by itself from <see cref="DeliverTo"/> on. What nobody is told
/// stays in <see cref="CreemShop.Events"/>.
/// </summary>
public sealed class CreemWebhooks : IAsyncDisposable
{
    /// <summary>Creem gives up after so many; it waits half a minute to an hour in between, which no test can.</summary>
    private const int Tries = 4;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Channel<CreemEvent> _queue = Channel.CreateUnbounded<CreemEvent>();
    private readonly CancellationTokenSource _end = new();
    private readonly TimeProvider _time;
    private readonly Task _delivering;
    private int _waiting;

    internal CreemWebhooks(TimeProvider time)
    {
        _time = time;
        _delivering = DeliverAsync();
    }

    /// <summary>The endpoint of the gateway; null: events are withheld.</summary>
    public Uri? DeliverTo { get; set; }
    public string Secret { get; set; } = CreemDouble.Secret;
    public CreemSchemes Schemes { get; set; } = CreemSchemes.Both;

    /// <summary>How often each event is delivered by itself, taken or not.</summary>
    public Func<CreemEvent, int> Times { get; set; } = _ => 1;

    /// <summary>Nothing is left to deliver by itself.</summary>
    public bool IsIdle => Volatile.Read(ref _waiting) == 0;

    /// <summary>One delivery. Null: the connection broke.</summary>
    public async Task<HttpStatusCode?> SendAsync(
        CreemEvent told, Uri to, CreemSchemes? schemes = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, to)
        {
            Content = new StringContent(told.Body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in CreemSigner.Of(told.Body, Secret, schemes ?? Schemes, told.Id, _time.GetUtcNow()))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return response.StatusCode;
        }
        catch (Exception broke)
            when (broke is HttpRequestException or SocketException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _delivering;
        _http.Dispose();
        _end.Dispose();
    }

    internal void Offer(CreemEvent told)
    {
        if (DeliverTo is not null)
        {
            Interlocked.Increment(ref _waiting);
            _queue.Writer.TryWrite(told);
        }
    }

    private async Task DeliverAsync()
    {
        try
        {
            await foreach (var told in _queue.Reader.ReadAllAsync(_end.Token))
            {
                for (var i = 0; i < Times(told); i++)
                {
                    for (var attempt = 1; attempt <= Tries && await TryAsync(told) is false; attempt++)
                    {
                        await Task.Delay(s_pause, TimeProvider.System, _end.Token);
                    }
                }

                Interlocked.Decrement(ref _waiting);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task<bool> TryAsync(CreemEvent told) =>
        DeliverTo is { } to && await SendAsync(told, to, null, _end.Token) is { } status && (int)status is >= 200 and < 300;
}
