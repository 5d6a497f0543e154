using System.Net.Sockets;
using System.Text;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Http.Edge;

/// <summary>What is over a bound is refused in words, free of charge, and hurts nobody else.</summary>
public sealed class BoundTests(BoundFixture fixture) : IClassFixture<BoundFixture>
{
    private const string Body = """{"surface":"search"}""";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Query_WhoseAnswerFindsNoMemory_Is503FreeAndNoProvidersFault(bool isChunked)
    {
        var (account, key) = await NewKeyAsync();
        // As long as what all calls may buffer, and its request is there too.
        var large = $"\"{new string('x', (2 * 1024 * 1024) - 2)}\"";
        fixture.Alpha.Script = _ => FakeReply.Json(large) with { Chunked = isChunked };
        var before = fixture.Beta.Count;
        var answer = await fixture.Client.QueryAsync(key, Body);
        Assert.Equal((503, "overloaded", 0), ((int)answer.Status, answer.Code, answer.CreditsCharged));
        Assert.True(answer.Headers.ContainsKey("Retry-After"));
        Assert.Equal(before, fixture.Beta.Count);
        Assert.Equal(100, await BalanceAsync(account));
        var metrics = (await fixture.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text;
        Assert.Contains(metrics.Split('\n'), line => line.StartsWith("metering_provider_attempts_total{", StringComparison.Ordinal)
            && line.Contains("bad_response", StringComparison.Ordinal)
            && line.Contains("alpha", StringComparison.Ordinal) && line.EndsWith(" 0", StringComparison.Ordinal));

        fixture.Alpha.Script = _ => FakeReply.Json("""{"from":"alpha"}""");
        Assert.Equal(200, (int)(await fixture.Client.QueryAsync(key, Body)).Status);
    }

    [Fact]
    public async Task Query_OfOneUploadTooMany_Is429AndOthersGoOn()
    {
        var (account, key) = await NewKeyAsync();
        using var one = await BeginUploadAsync(key);
        using var other = await BeginUploadAsync(key);
        using (var third = await RawClient.ConnectAsync(fixture.Gateway.Address))
        {
            await third.SendAsync(Encoding.ASCII.GetBytes(Head(key) + "Expect: 100-continue\r\nContent-Length: 500\r\n\r\n"));
            var refused = await ReceiveAsync(third);
            Assert.StartsWith("HTTP/1.1 429", refused, StringComparison.Ordinal);
            Assert.Contains("rate_limited", refused, StringComparison.Ordinal);
        }

        Assert.Equal(200, (await RawClient.SendAsync(
            fixture.Gateway.Address, Head(key) + "Connection: close\r\nContent-Length: 20\r\n\r\n" + Body)).Status);
        Assert.Equal(98, await BalanceAsync(account));

        // Both end as uploads do: what is left of them would count against the next test.
        foreach (var upload in new[] { one, other })
        {
            await upload.SendAsync(Encoding.ASCII.GetBytes(Body.PadRight(500)));
            Assert.StartsWith("HTTP/1.1 200", await ReceiveAsync(upload), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Connection_BeyondThoseOfOneAddress_IsClosed()
    {
        var (_, key) = await NewKeyAsync();
        var open = new List<Socket>();
        try
        {
            var closed = false;
            for (var i = 0; i < 12 && !closed; i++)
            {
                closed = await IsClosedAsync(open);
            }

            Assert.True(closed);
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }

        await Eventually.TrueAsync(
            async () => (await RawClient.SendAsync(
                fixture.Gateway.Address, Head(key) + "Connection: close\r\nContent-Length: 20\r\n\r\n" + Body)).Status == 200,
            () => "closed still");
    }

    /// <summary>One connection more: whether it is closed, or reset as early as while it is made.</summary>
    private async Task<bool> IsClosedAsync(List<Socket> open)
    {
        try
        {
            var socket = await RawClient.ConnectAsync(fixture.Gateway.Address);
            open.Add(socket);
            await socket.SendAsync("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            return (await ReceiveAsync(socket)).Length == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private async Task<(long Account, string Key)> NewKeyAsync()
    {
        fixture.Alpha.Script = _ => FakeReply.Json("""{"from":"alpha"}""");
        var account = await fixture.Client.CreateAccountAsync(100);
        return (account, await fixture.Client.CreateKeyAsync(account));
    }

    private async Task<long> BalanceAsync(long account) =>
        (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess()
            .GetProperty("credit_balance").GetInt64();

    /// <summary>The server says that it waits for the body: it is under way.</summary>
    private async Task<Socket> BeginUploadAsync(string key)
    {
        var socket = await RawClient.ConnectAsync(fixture.Gateway.Address);
        await socket.SendAsync(Encoding.ASCII.GetBytes(Head(key) + "Expect: 100-continue\r\nContent-Length: 500\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 100", await ReceiveAsync(socket), StringComparison.Ordinal);
        return socket;
    }

    private static string Head(string key) =>
        $"POST /api/v1/query HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n";

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
