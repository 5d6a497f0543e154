using System.Diagnostics;
using System.Net.Http.Headers;
using MeteringGateway.Load.Accounts;
using MeteringGateway.Load.Streams;

namespace MeteringGateway.Compare.Streams;

/// <summary>What a client saw of one answer.</summary>
/// <param name="FirstByte">From when the provider sent the first event until its first byte was read; null: no event told it.</param>
/// <param name="Wrong">What is wrong with the answer; null: it came whole.</param>
internal readonly record struct SeenStream(TimeSpan? FirstByte, long Bytes, long Events, string? Wrong);

/// <summary>Calls that read their answers as they come. Any number of callers at once.</summary>
/// <param name="target">A gateway's metered call, or the provider itself.</param>
internal sealed class StreamClient(Uri target, StreamBill bill) : IDisposable
{
    private const int PieceBytes = 64 * 1024;

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromHours(2) };

    /// <param name="account">Whose key is sent, and who is expected to pay.</param>
    /// <param name="pause">After each 64 KiB that were read: a client that is slower than the provider.</param>
    public async Task<SeenStream> RunAsync(StreamOrder order, int account, TimeSpan pause, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(order.ToBody()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", KeyText.Of(account));
        var tally = new StreamTally();
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                return new SeenStream(null, 0, 0, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
            }

            bill.Add(account, order);
            var firstByte = await ReadAsync(answer, tally, pause, cancellation);
            return new SeenStream(
                tally.Sent is { } sent && firstByte > 0 ? Stopwatch.GetElapsedTime(sent, firstByte) : null,
                tally.Bytes, tally.Events, Wrong(order, tally));
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return new SeenStream(null, tally.Bytes, tally.Events, "cut: " + cut.Message);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Null where the answer is all that was ordered.</summary>
    public static string? Wrong(StreamOrder order, StreamTally tally) => order.Kind switch
    {
        StreamOrder.Events when !tally.HasLastEvent => "the stream ended without its last event",
        StreamOrder.Events when tally.Events != order.Count + 2 => $"{tally.Events} events of {order.Count + 2}",
        StreamOrder.Json when tally.Charged != order.Tokens => $"the envelope says a charge of {tally.Charged?.ToString() ?? "nothing"}",
        StreamOrder.Json when tally.Bytes <= order.Bytes => $"{tally.Bytes} bytes of more than {order.Bytes}",
        StreamOrder.Opaque when tally.Bytes != order.Bytes => $"{tally.Bytes} bytes of {order.Bytes}",
        _ => null,
    };

    /// <returns>When the first bytes were there; 0: none came.</returns>
    private static async Task<long> ReadAsync(
        HttpResponseMessage answer, StreamTally tally, TimeSpan pause, CancellationToken cancellation)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[PieceBytes];
        var (first, unpaused) = (0L, 0);
        while (await body.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            first = first == 0 ? Stopwatch.GetTimestamp() : first;
            tally.Add(buffer.AsSpan(0, read));
            unpaused += read;
            if (pause > TimeSpan.Zero && unpaused >= PieceBytes)
            {
                unpaused -= PieceBytes;
                await Task.Delay(pause, TimeProvider.System, cancellation);
            }
        }

        return first;
    }
}
