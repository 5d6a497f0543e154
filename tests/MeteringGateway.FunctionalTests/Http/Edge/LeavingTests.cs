using System.Net.Sockets;
using System.Text;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Http.Edge;

/// <summary>Anybody can leave as often as he likes: it is no event of the log, and no error in the metrics.</summary>
public sealed class LeavingTests(MeteringFixture fixture) : IClassFixture<MeteringFixture>
{
    [Theory]
    [InlineData("/api/auth/sign-in", true)]
    [InlineData("/api/auth/sign-in", false)]
    [InlineData("/payment/webhook/stripe", true)]
    [InlineData("/payment/webhook/stripe", false)]
    [InlineData("/payment/webhook/creem", true)]
    [InlineData("/api/v1/query", true)]
    [InlineData("/api/v1/query", false)]
    [InlineData("/admin/accounts", true)]
    public async Task Client_ThatLeavesInMidBody_IsNotLogged(string path, bool isReset)
    {
        var (_, key) = await fixture.NewKeyAsync();
        var logged = fixture.Gateway.Log.Length;
        var credential = path.StartsWith("/admin", StringComparison.Ordinal) ? GatewayProcess.AdminToken : key;
        for (var i = 0; i < 5; i++)
        {
            using var socket = await RawClient.ConnectAsync(fixture.Gateway.Address);
            var text = $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {credential}\r\nContent-Type: application/json\r\n"
                + "Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n";
            await socket.SendAsync(Encoding.ASCII.GetBytes(text));

            // It says that it reads: from here on the body is awaited.
            Assert.StartsWith("HTTP/1.1 100", await ReceiveAsync(socket), StringComparison.Ordinal);
            await socket.SendAsync("{\"surface\":"u8.ToArray());
            if (isReset)
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            else
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }

        await Eventually.TrueAsync(
            async () => await OpenAsync() == 0, () => "a call is still open");
        var complaints = string.Join("\n", RawClient.Complaints(fixture.Gateway.Log[logged..]));
        Assert.True(complaints.Length == 0, complaints);
    }

    /// <summary>
    /// The internal errors that metrics count; a call that goes on has not ended yet, so a good one is made after the others.
    /// </summary>
    private async Task<int> OpenAsync()
    {
        var (_, key) = await fixture.NewKeyAsync();
        Assert.Equal(200, (int)(await fixture.Client.QueryAsync(key, """{"surface":"search"}""")).Status);
        var metrics = (await fixture.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text;
        return metrics.Split('\n').Count(line => line.Contains("outcome=\"internal_error\"", StringComparison.Ordinal)
            && !line.EndsWith(" 0", StringComparison.Ordinal));
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[1024];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
    }
}
