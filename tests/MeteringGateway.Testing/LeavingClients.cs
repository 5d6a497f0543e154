using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeteringGateway.Testing;

/// <summary>
/// Clients that leave: a third of them cut the connection up to 50 ms after they asked, a third say at once that they will send no more
/// and read on, a third say it within 50 ms. On raw sockets, for no HTTP client closes only its half.
/// </summary>
public sealed class LeavingClients : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<ClientCall> _calls = new();
    private readonly IReadOnlyList<WorkloadKey> _keys;
    private readonly Func<IReadOnlyList<Uri>> _gateways;
    private readonly int _seed;
    private Task _clients = Task.CompletedTask;

    private LeavingClients(IReadOnlyList<WorkloadKey> keys, Func<IReadOnlyList<Uri>> gateways, int seed) =>
        (_keys, _gateways, _seed) = (keys, gateways, seed);

    /// <summary>How many closed their half and were answered, before or after.</summary>
    public int Answered => _calls.Count(call => call.Status != 0);
    public int Count => _calls.Count;

    public static LeavingClients Start(IReadOnlyList<WorkloadKey> keys, Func<IReadOnlyList<Uri>> gateways, int clients = 6, int seed = 1)
    {
        var leaving = new LeavingClients(keys, gateways, seed);
        leaving._clients = Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => leaving.RunAsync(client))));
        return leaving;
    }

    /// <summary>Ends them; what each of them saw. One that cut its connection saw nothing: status 0.</summary>
    public async Task<IReadOnlyList<ClientCall>> StopAsync()
    {
        await _end.CancelAsync();
        await _clients;
        return [.. _calls];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task RunAsync(int client)
    {
        var random = new Random(unchecked((_seed * 1_000) + client));
        for (var turn = client; !_end.IsCancellationRequested; turn++)
        {
            var gateways = _gateways();
            if (gateways.Count > 0)
            {
                var after = client % 3 == 1 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(random.NextDouble() * 50);
                await CallAsync(gateways[turn % gateways.Count], _keys[random.Next(_keys.Count)], after, closesHalf: client % 3 != 0);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, _end.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CallAsync(Uri gateway, WorkloadKey key, TimeSpan after, bool closesHalf)
    {
        var call = new ClientCall(
            Workload.NextNumber(), key.Account, key.Price, null, 0, closesHalf ? "half-closed" : "left", 0,
            TimeProvider.System.GetTimestamp());
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, gateway.Port, patience.Token);
            await socket.SendAsync(Request(gateway, key, call.Number), patience.Token);
            await Task.Delay(after, TimeProvider.System, patience.Token);
            if (!closesHalf)
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            else
            {
                socket.Shutdown(SocketShutdown.Send);
                call = RawAnswer.ReadInto(call, await ToTheEndAsync(socket, patience.Token));
            }
        }
        catch (Exception cut) when (cut is SocketException or OperationCanceledException)
        {
            // The gateway went, or dropped it: no answer.
        }

        _calls.Enqueue(call with { Ended = TimeProvider.System.GetTimestamp() });
    }

    private static byte[] Request(Uri gateway, WorkloadKey key, long number)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$"""{"surface":"{{key.Surface}}","number":{{number}}}""");
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"POST /api/v1/query HTTP/1.1\r\nHost: {gateway.Authority}\r\nAuthorization: Bearer {key.Secret}\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
    }

    private static async Task<string> ToTheEndAsync(Socket socket, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var count)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return text.ToString();
    }
}
