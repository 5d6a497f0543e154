using System.Text;
using System.Text.Json;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

public sealed class StreamTests(StreamFixture fixture) : IClassFixture<StreamFixture>
{
    private const string One = "data: {\"delta\":\"one\"}\n\n";
    private const string Usage = "data: {\"usage\":{\"total_tokens\":12}}\n\ndata: [DONE]\n\n";

    [Fact]
    public async Task Events_AsTheyCome_AreSentOnAtOnceAndChargedByTheirLastUsage()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var more = new TaskCompletionSource();
        fixture.Alpha.Script = _ => Waiting(more.Task);

        using var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, """{"surface":"chat","stream":true}""");
        await stream.ReadToAsync(One);

        Assert.Equal(
            ("text/event-stream", "alpha", "50", null, null),
            (stream.Header("Content-Type"), stream.Header("X-Provider"), stream.Header("X-Credits-Held"),
                stream.Header("Content-Length"), stream.Header("X-Credits-Charged")));
        more.SetResult();
        Assert.True(await stream.ReadToEndAsync());
        Assert.Equal(One + Usage, stream.Read);
        var entry = await ChargeAsync(account);
        Assert.Equal((stream.RequestId, -12L, "alpha", 50L), (entry.EntryId, entry.CreditsDelta, entry.Provider, entry.CreditsHeld));
    }

    /// <summary>The hold's own life is two seconds.</summary>
    [Fact]
    public async Task Events_LongerThanTheHoldsLife_AreChargedAllTheSame()
    {
        var (account, key) = await fixture.NewKeyAsync(credits: 50);
        var more = new TaskCompletionSource();
        fixture.Alpha.Script = _ => Waiting(more.Task);
        using var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, """{"surface":"chat"}""");
        await stream.ReadToAsync(One);

        await AwaitAnotherLifeAsync(account, stream.RequestId);
        var other = await fixture.Client.QueryAsync(key, """{"surface":"chat"}""");
        more.SetResult();

        Assert.Equal("credits_reserved", other.Code);
        Assert.True(await stream.ReadToEndAsync());
        Assert.Equal(-12, (await ChargeAsync(account)).CreditsDelta);
    }

    [Theory]
    [InlineData("application/x-ndjson", "{\"usage\":{\"total_tokens\":3}}\n{\"usage\":{\"total_tokens\":9}}\n", 9)]
    [InlineData("text/event-stream", "data: {\"delta\":1}\n\n", 50)]
    [InlineData("text/event-stream", "data: {\"message\":{\"usage\":{\"total_tokens\":4}}}\r\n\r\n", 4)]
    [InlineData("text/plain", "no usage in it", 50)]
    public async Task Stream_OfAnyKind_PassesByteForByteAndCostsWhatItShows(string type, string text, long charged)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var middle = text.Length / 2;
        fixture.Alpha.Script = _ => FakeReply.Stream(type, text[..middle], text[middle..]);

        using var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, """{"surface":"chat"}""");

        Assert.True(await stream.ReadToEndAsync());
        Assert.Equal((type, text), (stream.Header("Content-Type"), stream.Read));
        Assert.Equal(-charged, (await ChargeAsync(account)).CreditsDelta);
    }

    /// <summary>Anthropic's shape: the input in the first event, the output in the last but one, each field at its last value.</summary>
    [Fact]
    public async Task Events_WithUsageInTwoOfThem_CostBoth()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Events(
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25,"
            + "\"output_tokens\":1}}}\n\n",
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":15}}\n\n",
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");

        using var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, """{"surface":"messages"}""");

        Assert.True(await stream.ReadToEndAsync());
        Assert.Equal(-55, (await ChargeAsync(account)).CreditsDelta);
    }

    /// <summary>Without <c>AskForUsage</c> a request goes to the provider byte for byte, spaces and all.</summary>
    [Theory]
    [InlineData("""{ "surface":"chat", "stream": true }""")]
    [InlineData("""{"surface":"chat","stream":true,"stream_options":{"include_usage":false}}""")]
    public async Task Request_OfAStreamThatIsNotAskedForUsage_IsSentAsItCame(string body)
    {
        var (_, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        fixture.Alpha.Script = _ => FakeReply.Events(One, Usage);

        using var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, body);

        Assert.True(await stream.ReadToEndAsync());
        Assert.Equal(body, fixture.Alpha.Requests[before].Text);
    }

    [Fact]
    public async Task Events_ThatNeverBegin_AreTheNextProviders()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Events(One) with { BeforePiece = _ => new TaskCompletionSource().Task };
        fixture.Beta.Script = _ => FakeReply.Events(One);

        using var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, """{"surface":"flat"}""");

        Assert.True(await stream.ReadToEndAsync());
        Assert.Equal(("beta", One), (stream.Header("X-Provider"), stream.Read));
        var entry = await ChargeAsync(account);
        Assert.Equal((-7L, "beta"), (entry.CreditsDelta, entry.Provider));
        Assert.Matches("^alpha=200/timeout;[0-9]+, beta=200;[0-9]+$", entry.Attempts);
    }

    [Fact]
    public async Task Events_OfAFreeSurface_PassAndLeaveNoEntry()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Events(One);

        using var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, """{"surface":"free"}""");

        Assert.True(await stream.ReadToEndAsync());
        Assert.Equal((One, null), (stream.Read, stream.Header("X-Credits-Held")));
        var paid = await fixture.Client.QueryAsync(key, """{"surface":"free"}""");
        Assert.Equal(1_000, long.Parse(paid.Headers.GetValueOrDefault("X-Credits-Remaining", "1000"), null));
        await using var books = new Books(fixture.Stores.PostgresConnection);
        Assert.Single(await books.EntriesAsync(account));
    }

    /// <summary>A JSON answer beyond what is held keeps its envelope, whose last members tell the charge.</summary>
    [Fact]
    public async Task Json_BeyondWhatIsHeld_GoesOutAsItComesInItsEnvelope()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var text = $$$"""{"pad":"{{{new string('x', 3 * StreamFixture.HoldBytes)}}}","usage":{"total_tokens":21}}""";
        fixture.Alpha.Script = _ => FakeReply.Json(text) with { Chunked = true };

        using var stream = await OpenStream.BeginAsync(fixture.Gateway.Address, key, """{"surface":"chat"}""");

        Assert.True(await stream.ReadToEndAsync());
        Assert.Equal(("application/json", null), (stream.Header("Content-Type"), stream.Header("Content-Length")));
        var answer = JsonSerializer.Deserialize<JsonElement>(stream.Read);
        Assert.Equal(text, answer.GetProperty("result").GetRawText());
        Assert.Equal(
            (true, stream.RequestId, "alpha", 21L, 979L),
            (answer.GetProperty("ok").GetBoolean(), answer.GetProperty("request_id").GetString(),
                answer.GetProperty("provider").GetString(), answer.GetProperty("credits_charged").GetInt64(),
                answer.GetProperty("remaining_credits").GetInt64()));
        Assert.Equal("success", answer.GetProperty("provider_attempts")[0].GetProperty("outcome").GetString());
        Assert.Equal(-21, (await ChargeAsync(account)).CreditsDelta);
    }

    /// <summary>A client that speaks HTTP/1.0 knows no chunks: the end of the connection ends the answer.</summary>
    [Fact]
    public async Task Events_ForHttp10_EndWithTheConnection()
    {
        var (_, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Events(One);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", fixture.Gateway.Address.Port);
        const string Body = """{"surface":"flat"}""";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/query HTTP/1.0\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Body.Length}\r\n\r\n{Body}"));

        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync();

        Assert.EndsWith("\r\n\r\n" + One, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Transfer-Encoding", answer, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Until the hold has outlived the deadline that it has now, by the clock of Redis.</summary>
    private async Task AwaitAnotherLifeAsync(long account, string requestId)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(fixture.Stores.RedisConnection);
        var holds = PartitionMap.Holds(new PartitionMap(16).Of(account));
        var first = await DeadlineAsync();
        Assert.NotEqual(0, first);
        await Eventually.TrueAsync(
            async () => new DateTimeOffset(await redis.GetServers()[0].TimeAsync()).ToUnixTimeMilliseconds() > first
                && await DeadlineAsync() > first,
            () => "the hold is not renewed");

        async Task<long> DeadlineAsync()
        {
            var packed = (string?)await redis.GetDatabase().HashGetAsync(holds, requestId);
            return PackedHold.TryParse(packed ?? "", out var hold) ? hold.Deadline : 0;
        }
    }

    private static FakeReply Waiting(Task more) =>
        FakeReply.Events(One, Usage) with { BeforePiece = piece => piece == 1 ? more : Task.CompletedTask };

    private async Task<BookEntry> ChargeAsync(long account)
    {
        await using var books = new Books(fixture.Stores.PostgresConnection);
        var entries = await books.AwaitEntriesAsync(account, 2);
        Assert.Equal(2, entries.Count);
        return entries[1];
    }
}
