using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace MeteringGateway.Testing;

/// <summary>A key that the workload calls with, of an account with a price and perhaps a limit.</summary>
public sealed record WorkloadKey(long Account, string Secret, string Surface, long Price);

/// <summary>Clients that call gateways until they are stopped, and write down what each of them was told.</summary>
public sealed class Workload : IAsyncDisposable
{
    public const int DefaultClients = 8;

    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly ConcurrentQueue<ClientCall> _calls = new();
    private readonly HttpClient _http =
        new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2) })
        {
            Timeout = TimeSpan.FromSeconds(90),
        };
    private readonly IReadOnlyList<WorkloadKey> _keys;
    private readonly Func<IReadOnlyList<Uri>> _gateways;
    private readonly Random _random;
    private Task _clients = Task.CompletedTask;
    private static long s_number = 1_000_000;

    private Workload(IReadOnlyList<WorkloadKey> keys, Func<IReadOnlyList<Uri>> gateways, int seed)
    {
        _keys = keys;
        _gateways = gateways;
        _random = new Random(seed);
    }

    public IReadOnlyList<ClientCall> Calls => [.. _calls];

    /// <summary>Pause of a client between two calls: the fault is to be tested, not saturation.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The number of a call that is made elsewhere.</summary>
    public static long NextNumber() => Interlocked.Increment(ref s_number);

    /// <summary>Calls that were made elsewhere, to be judged with these.</summary>
    public void Note(IEnumerable<ClientCall> calls)
    {
        foreach (var call in calls)
        {
            _calls.Enqueue(call);
        }
    }

    public static Workload Start(
        IReadOnlyList<WorkloadKey> keys, Func<IReadOnlyList<Uri>> gateways, int clients = DefaultClients,
        int seed = 1, TimeSpan? pause = null)
    {
        var workload = new Workload(keys, gateways, seed);
        workload.Pause = pause ?? workload.Pause;
        workload._clients = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(workload.RunAsync)));
        return workload;
    }

    public Task AwaitSuccessesAsync(int count, TimeSpan? patience = null) => Eventually.TrueAsync(
        () => Task.FromResult(_calls.Count(call => call.Succeeded) >= count),
        () => $"{_calls.Count(call => call.Succeeded)} of {_calls.Count} calls succeeded, not {count}: "
            + $"{string.Join(", ", _calls.CountBy(call => $"{call.Status} {call.Code}"))}",
        patience ?? TimeSpan.FromSeconds(30));

    /// <summary>So many more successes than up to now.</summary>
    public Task AwaitMoreAsync(int count, TimeSpan? patience = null) =>
        AwaitSuccessesAsync(_calls.Count(call => call.Succeeded) + count, patience);

    /// <summary>Ends the clients; calls that are under way may end within the patience and are then cut.</summary>
    public async Task<IReadOnlyList<ClientCall>> StopAsync(TimeSpan? patience = null)
    {
        await _end.CancelAsync();
        _cut.CancelAfter(patience ?? TimeSpan.FromSeconds(30));
        await _clients;
        return Calls;
    }

    /// <summary>One call now, beside the clients.</summary>
    public async Task<ClientCall> CallAsync(Uri gateway, WorkloadKey key)
    {
        var number = NextNumber();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "api/v1/query"))
        {
            Content = new StringContent(
                string.Create(CultureInfo.InvariantCulture, $$"""{"surface":"{{key.Surface}}","number":{{number}}}"""),
                Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Secret);
        var call = new ClientCall(number, key.Account, key.Price, null, 0, null, 0, TimeProvider.System.GetTimestamp());
        try
        {
            using var answer = await _http.SendAsync(request, _cut.Token);
            var json = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(_cut.Token));
            call = call with
            {
                RequestId = answer.Headers.GetValues("X-Request-Id").Single(),
                Status = (int)answer.StatusCode,
                Code = json.TryGetProperty("code", out var code) ? code.GetString() : null,
                Charged = json.GetProperty("credits_charged").GetInt64(),
            };
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException or OperationCanceledException)
        {
            call = call with { Code = cut.GetType().Name };
        }

        call = call with { Ended = TimeProvider.System.GetTimestamp() };
        _calls.Enqueue(call);
        return call;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _http.Dispose();
        _end.Dispose();
        _cut.Dispose();
    }

    private (Uri Gateway, WorkloadKey Key) Pick(IReadOnlyList<Uri> gateways)
    {
        lock (_random)
        {
            return (gateways[_random.Next(gateways.Count)], _keys[_random.Next(_keys.Count)]);
        }
    }

    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            if (_gateways() is { Count: > 0 } gateways)
            {
                // By chance, not in turn: clients that keep step would all be at one gateway when the fault strikes.
                var (gateway, key) = Pick(gateways);
                await CallAsync(gateway, key);
            }

            await Task.Delay(Pause, TimeProvider.System, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
