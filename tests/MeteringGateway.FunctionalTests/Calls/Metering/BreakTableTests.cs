using System.Net.Sockets;
using System.Text;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

/// <summary>
/// Where a call breaks, in which kind of answer, and by whom: charged or not, how much, and what the client sees. The ledger is looked at
/// each time, and that no hold is left.
/// </summary>
public sealed class BreakTableTests(StreamFixture fixture) : IClassFixture<StreamFixture>
{
    private const string Shown = "data: {\"usage\":{\"total_tokens\":5}}\n\n";
    private const string Last = "data: {\"usage\":{\"total_tokens\":12}}\n\n";
    private const string Nothing = "data: {\"delta\":1}\n\n";

    private static readonly string s_large = "{\"pad\":\"" + new string('x', 2 * StreamFixture.HoldBytes);

    /// <summary>The provider sends so much and then: goes on to the end once the client has left.</summary>
    [Theory]
    [InlineData("chat", "stream", 12)]
    [InlineData("flat", "stream", 7)]
    [InlineData("chat", "large", 12)]
    [InlineData("flat", "large", 7)]
    [InlineData("chat", "lines", 12)]
    public async Task ClientLeaves_InTheMiddle_IsChargedWhatTheAnswerComesTo(string surface, string kind, long charged)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var left = new TaskCompletionSource();
        fixture.Alpha.Script = _ => Whole(kind) with { BeforePiece = piece => piece == 1 ? left.Task : Task.CompletedTask };
        using (var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, $$"""{"surface":"{{surface}}"}"""))
        {
            await stream.ReadToAsync(kind == "large" ? "xxxx" : "}\n");
        }

        left.SetResult();

        Assert.Equal(-charged, (await fixture.ChargesAsync(account, 1))[0].CreditsDelta);
    }

    /// <summary>
    /// A client that reads nothing holds the provider up. It must not choose so to be cut before the usage is shown: it counts as one that
    /// left before the stream's time is over.
    /// </summary>
    [Fact]
    public async Task ClientReadsNothing_UntilTheTimeIsUp_IsChargedWhatTheAnswerComesTo()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var pad = "data: {\"pad\":\"" + new string('x', 64 * 1024) + "\"}\n\n";
        fixture.Alpha.Script = _ => FakeReply.Events([.. Enumerable.Repeat(pad, 300), Last]);
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync("127.0.0.1", fixture.Gateway.Address.Port);
        await SendAsync(client, key, "short-chat");

        Assert.Equal(-12, (await fixture.ChargesAsync(account, 1))[0].CreditsDelta);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("stream")]
    [InlineData("large")]
    public async Task ClientLeaves_BeforeTheFirstByte_IsChargedNothing(string kind)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var answer = new TaskCompletionSource();
        var before = fixture.Alpha.Count;
        fixture.Alpha.Script = _ => (kind == "json" ? FakeReply.Json("{}") : Whole(kind)) with { Until = answer.Task };
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", fixture.Gateway.Address.Port);
            await SendAsync(client, key, "flat");
            await fixture.Alpha.AwaitCountAsync(before + 1);
            client.LingerState = new LingerOption(true, 0);
        }

        await fixture.AwaitNoHoldAsync(account);
        answer.SetResult();
        await fixture.ChargesAsync(account, 0);
    }

    /// <summary>A JSON answer is held until it is whole: a client that has left before has got nothing.</summary>
    [Fact]
    public async Task ClientLeaves_InTheMiddleOfAHeldAnswer_IsChargedNothing()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var (sent, rest) = (new TaskCompletionSource(), new TaskCompletionSource());
        fixture.Alpha.Script = _ => FakeReply.Stream("application/json", "{\"a\":", "1}") with
        {
            BeforePiece = piece =>
            {
                if (piece == 1)
                {
                    sent.TrySetResult();
                }

                return piece == 1 ? rest.Task : Task.CompletedTask;
            },
        };
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", fixture.Gateway.Address.Port);
            await SendAsync(client, key, "flat");
            await sent.Task.WaitAsync(TimeSpan.FromSeconds(15));
            client.LingerState = new LingerOption(true, 0);
        }

        await fixture.AwaitNoHoldAsync(account);
        rest.SetResult();
        await fixture.ChargesAsync(account, 0);
    }

    [Theory]
    [InlineData("chat", "stream", Shown, 5, "provider_broke_off")]
    [InlineData("chat", "stream", Nothing, 1, "provider_broke_off")]
    [InlineData("flat", "stream", Nothing, 7, "provider_broke_off")]
    [InlineData("chat", "lines", "{\"usage\":{\"total_tokens\":5}}\n", 5, null)]
    [InlineData("chat", "lines", "{\"delta\":1}\n", 1, null)]
    [InlineData("chat", "large", null, 1, null)]
    [InlineData("flat", "large", null, 7, null)]
    public async Task ProviderBreaksOff_InTheMiddle_IsChargedWhatWasShown(
        string surface, string kind, string? sent, long charged, string? error)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => Begun(kind, sent) with { BreaksOff = true };

        using var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, $$"""{"surface":"{{surface}}"}""");
        var ended = await stream.ReadToEndAsync();

        AssertEnd(stream, ended, sent, error);
        var entry = (await fixture.ChargesAsync(account, 1))[0];
        Assert.Equal((-charged, "alpha"), (entry.CreditsDelta, entry.Provider));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("stream")]
    [InlineData("large")]
    public async Task ProviderBreaksOff_BeforeTheFirstByte_IsTheNextProviders(string kind)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => new FakeReply { Reset = true };
        fixture.Beta.Script = _ => kind == "json" ? FakeReply.Json("{}") : Whole(kind);

        using var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, """{"surface":"flat"}""");

        Assert.True(await stream.ReadToEndAsync());
        Assert.Equal("beta", (await fixture.ChargesAsync(account, 1))[0].Provider);
    }

    [Theory]
    [InlineData("short-chat", "stream", Shown, 5, "stream_timed_out")]
    [InlineData("short-chat", "stream", Nothing, 1, "stream_timed_out")]
    [InlineData("short", "stream", Nothing, 7, "stream_timed_out")]
    [InlineData("short-chat", "large", null, 1, null)]
    [InlineData("short", "lines", "{\"delta\":1}\n", 7, null)]
    public async Task TimeIsUp_InTheMiddle_IsChargedWhatWasShown(string surface, string kind, string? sent, long charged, string? error)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => Begun(kind, sent) with { BeforePiece = Never };

        using var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, $$"""{"surface":"{{surface}}"}""");
        var ended = await stream.ReadToEndAsync();

        AssertEnd(stream, ended, sent, error);
        Assert.Equal(-charged, (await fixture.ChargesAsync(account, 1))[0].CreditsDelta);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("stream")]
    [InlineData("large")]
    public async Task TimeIsUp_BeforeTheFirstByte_IsChargedNothing(string kind)
    {
        var (account, key) = await fixture.NewKeyAsync();
        FakeReply Late(ReceivedRequest _) => (kind == "json" ? FakeReply.Json("{}") : Whole(kind)) with
        {
            Until = new TaskCompletionSource().Task,
        };
        (fixture.Alpha.Script, fixture.Beta.Script) = (Late, Late);

        var answer = await fixture.Client.QueryAsync(key, """{"surface":"chat"}""");

        Assert.Equal((504, "providers_timed_out"), ((int)answer.Status, answer.Code));
        await fixture.AwaitNoHoldAsync(account);
        await fixture.ChargesAsync(account, 0);
    }

    /// <summary>A stop waits for an answer that is held, for its call's time bounds it; a stream has what a stop leaves it.</summary>
    [Theory]
    [InlineData("chat", "json", null, 12, null)]
    [InlineData("chat", "stream", Shown, 5, "gateway_stopping")]
    [InlineData("chat", "stream", Nothing, 1, "gateway_stopping")]
    [InlineData("flat", "stream", Nothing, 7, "gateway_stopping")]
    [InlineData("chat", "large", null, 1, null)]
    public async Task GatewayStops_InTheMiddle_IsChargedWhatWasShown(
        string surface, string kind, string? sent, long charged, string? error)
    {
        var (account, key) = await fixture.NewKeyAsync();
        await using var alpha = FakeProvider.Start();
        await using var own = await GatewayProcess.StartAsync(fixture.Stores, StreamFixture.Config(alpha, alpha));
        var answer = new TaskCompletionSource();
        alpha.Script = _ => kind == "json"
            ? FakeReply.Json("""{"usage":{"total_tokens":12}}""") with { Until = answer.Task }
            : Begun(kind, sent) with { BeforePiece = Never };
        var beginning = OpenStream.BeginAsync(own.Address, key, $$"""{"surface":"{{surface}}"}""");
        await alpha.AwaitCountAsync(1);
        if (kind != "json")
        {
            await beginning;
        }

        var stopping = own.StopAsync();
        await Eventually.TrueAsync(() => Task.FromResult(own.Log.Contains("shutting down", StringComparison.Ordinal)), () => own.Log);
        answer.SetResult();
        using var stream = await beginning;
        var ended = await stream.ReadToEndAsync();

        if (kind == "json")
        {
            Assert.True(ended);
        }
        else
        {
            AssertEnd(stream, ended, sent, error);
        }

        Assert.Equal(0, await stopping);
        Assert.Equal(-charged, (await fixture.ChargesAsync(account, 1))[0].CreditsDelta);
    }

    private static Task Never(int piece) => piece == 1 ? new TaskCompletionSource().Task : Task.CompletedTask;

    private static void AssertEnd(OpenStream stream, bool ended, string? sent, string? error)
    {
        if (error is null)
        {
            Assert.False(ended, "An answer that is not whole must not look like one.");
            Assert.StartsWith(sent ?? "{\"ok\":true", stream.Read, StringComparison.Ordinal);
            return;
        }

        Assert.True(ended);
        Assert.StartsWith($"{sent}\n\nevent: error\ndata: {{\"error\":{{\"code\":\"{error}\",\"message\":\"", stream.Read,
            StringComparison.Ordinal);
        Assert.EndsWith($"\"request_id\":\"{stream.RequestId}\"}}}}\n\n", stream.Read, StringComparison.Ordinal);
    }

    /// <summary>The rest never comes, be the end a break or a wait.</summary>
    private static FakeReply Begun(string kind, string? sent) => kind switch
    {
        "stream" => FakeReply.Events(sent!),
        "lines" => FakeReply.Stream("application/x-ndjson", sent!),
        _ => FakeReply.Stream("application/json", s_large),
    };

    private static FakeReply Whole(string kind) => kind switch
    {
        "stream" => FakeReply.Events(Shown, Last),
        "lines" => FakeReply.Stream("application/x-ndjson", "{\"delta\":1}\n", "{\"usage\":{\"total_tokens\":12}}\n"),
        _ => FakeReply.Stream("application/json", s_large, "\",\"usage\":{\"total_tokens\":12}}"),
    };

    /// <summary>A call on a socket, whose client can be anything afterwards.</summary>
    private static ValueTask SendAsync(TcpClient client, string key, string surface)
    {
        var body = $$"""{"surface":"{{surface}}"}""";
        return client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/query HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}"));
    }
}
