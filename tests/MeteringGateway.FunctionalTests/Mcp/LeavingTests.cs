using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Mcp;

/// <summary>A client that closes its connection in the middle of a <c>query</c>: its money is that of one that leaves over HTTP.</summary>
[Collection(McpTestGroup.Name)]
public sealed class LeavingTests(McpGateway gateway)
{
    [Fact]
    public async Task BeforeTheAnswer_NothingIsChargedAndTheHoldGoesBack()
    {
        var customer = await gateway.NewCustomerAsync();
        var before = gateway.Provider.Count;
        using var client = new LeavingCaller(gateway.Client, customer.Key, new { say = "nothing" });
        await gateway.Provider.AwaitCountAsync(before + 1);
        await client.LeaveAsync();

        await gateway.AwaitNoHoldAsync(customer.Account);
        Assert.Single(await gateway.Stores.Books.EntriesAsync(customer.Account));
    }

    [Fact]
    public async Task InTheMiddleOfAnAnswerThatIsHeldBack_NothingIsChargedAndTheHoldGoesBack()
    {
        var customer = await gateway.NewCustomerAsync();
        var gate = gateway.NewGate();
        using var client = new LeavingCaller(gateway.Client, customer.Key, new { say = "halves", gate = gate.Name });
        await gate.Reached;
        await client.LeaveAsync();

        await gateway.AwaitNoHoldAsync(customer.Account);
        Assert.Single(await gateway.Stores.Books.EntriesAsync(customer.Account));
        gate.Open();
    }

    [Fact]
    public async Task InTheMiddleOfAStream_ItIsReadToItsEndAndChargedOnce()
    {
        var customer = await gateway.NewCustomerAsync();
        var gate = gateway.NewGate();
        using var client = new LeavingCaller(gateway.Client, customer.Key, new { say = "stream", gate = gate.Name });
        await gate.Reached;
        await client.LeaveAsync();
        gate.Open();

        var entry = (await gateway.Stores.Books.AwaitEntriesAsync(customer.Account, 2))[1];
        Assert.Equal(-2, entry.CreditsDelta);
        await gateway.AwaitNoHoldAsync(customer.Account);
        Assert.Equal(2, (await gateway.Stores.Books.EntriesAsync(customer.Account)).Count);
    }

    /// <summary>A stream whose client has left is a call in flight: a gateway that is told to stop waits for it.</summary>
    [Fact]
    public async Task StopInTheMiddleOfAStreamThatItsClientHasLeft_WaitsForItsCharge()
    {
        var customer = await gateway.NewCustomerAsync();
        var gate = gateway.NewGate();
        await using var third = await gateway.StartAsync();
        using var client = new LeavingCaller(third.Client, customer.Key, new { say = "stream", gate = gate.Name });
        await gate.Reached;
        await client.LeaveAsync();
        var stopping = third.StopAsync();
        await Eventually.TrueAsync(
            () => Task.FromResult(third.Log.Contains("shutting down", StringComparison.Ordinal)), () => third.Log, TimeSpan.FromMinutes(1));
        gate.Open();

        Assert.Equal(0, await stopping);
        var entry = (await gateway.Stores.Books.AwaitEntriesAsync(customer.Account, 2))[1];
        Assert.Equal(-2, entry.CreditsDelta);
        await gateway.AwaitNoHoldAsync(customer.Account);
    }

    /// <summary>Wherever each of them leaves, a repeat with its key finds the charge or makes it.</summary>
    [Fact]
    public async Task AsTheProviderAnswers_EachIsChargedAtMostOnceAndARepeatMakesItOnce()
    {
        const int Calls = 60;
        var customer = await gateway.NewCustomerAsync();
        var gates = Enumerable.Range(0, Calls).Select(_ => gateway.NewGate()).ToList();
        await Task.WhenAll(gates.Select(async gate =>
        {
            using var client = new LeavingCaller(gateway.Client, customer.Key, new { gate = gate.Name }, gate.Name);
            await gate.Reached;
            gate.Open();
            await client.LeaveAsync();
        }));
        await gateway.AwaitNoHoldAsync(customer.Account);

        var replies = await Task.WhenAll(gates.Select(gate => gateway.CallAsync(
            "query", new { surface = "search", body = new { gate = gate.Name }, idempotency_key = gate.Name }, customer.Key)));
        var entries = await gateway.Stores.Books.AwaitEntriesAsync(customer.Account, 1 + Calls);
        Assert.Equal(
            replies.Select(reply => reply.Answer.GetProperty("request_id").GetString()).Order(),
            entries.Skip(1).Select(entry => entry.EntryId).Order());
        await gateway.AwaitNoHoldAsync(customer.Account);
        Assert.Equal(
            1_000 - (2 * Calls),
            (await gateway.CallAsync("get_balance", null, customer.Key)).Answer.GetProperty("credits_balance").GetInt64());
    }

    /// <summary>A call of a connection of its own, which ends in the middle of it.</summary>
    private sealed class LeavingCaller : IDisposable
    {
        private readonly CancellationTokenSource _leaving = new();
        private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
        private readonly Task _sending;

        public LeavingCaller(GatewayClient at, string key, object body, string? idempotencyKey = null)
        {
            var message = new
            {
                jsonrpc = "2.0",
                id = 1,
                method = "tools/call",
                @params = new { name = "query", arguments = new { surface = "search", body, idempotency_key = idempotencyKey } },
            };
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(at.Http.BaseAddress!, "mcp"))
            {
                Content = new StringContent(JsonSerializer.Serialize(message), Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            request.Headers.Add("Accept", "application/json, text/event-stream");
            _sending = _client.SendAsync(request, _leaving.Token);
        }

        public async Task LeaveAsync()
        {
            await _leaving.CancelAsync();
            await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public void Dispose()
        {
            _client.Dispose();
            _leaving.Dispose();
        }
    }
}
