using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MeteringGateway.Local.DemoProviders;

namespace MeteringGateway.FunctionalTests.Local.DemoProviders;

public sealed class DemoProviderTests : IAsyncLifetime
{
    private static readonly HttpClient Client = new();
    private DemoProviderServer _server = null!;

    public async Task InitializeAsync() => _server = await DemoProviderServer.StartAsync(
        new DemoProviderOptions
        {
            FirstPort = 0,
            Slow = TimeSpan.FromMilliseconds(20),
            TooSlow = TimeSpan.FromMinutes(5),
            Pause = TimeSpan.Zero,
        },
        TimeProvider.System, CancellationToken.None);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Reliable_Asked_EchoesTheQuery()
    {
        var (status, body) = await AskAsync("reliable", """{"surface":"search","query":"ä \"quote\""}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("ä \"quote\"", body.GetProperty("query").GetString());
    }

    [Fact]
    public async Task Flaky_SixCalls_FailsEveryThird()
    {
        var statuses = new List<int>();
        for (var call = 0; call < 6; call++)
        {
            statuses.Add((int)(await AskAsync("flaky", "{}")).Status);
        }

        Assert.Equal([503, 200, 200, 503, 200, 200], statuses);
    }

    [Fact]
    public async Task Slow_SecondCall_TakesLongerThanACallerWaits()
    {
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("slow", "{}")).Status);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAsync<TaskCanceledException>(() => AskAsync("slow", "{}", cancellation: patience.Token));
    }

    [Theory]
    [InlineData("""{"surface":"chat","prompt":""}""", 0)]
    [InlineData("""{"surface":"chat","prompt":"12345678"}""", 2)]
    [InlineData("""{"surface":"chat","messages":[{"role":"user","content":"123456789"}]}""", 4)]
    public async Task UsagePriced_Asked_CountsTheTokensOfTheText(string question, int promptTokens)
    {
        var (_, body) = await AskAsync("usage-priced", question);
        var usage = body.GetProperty("usage");
        Assert.Equal(promptTokens, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(promptTokens + usage.GetProperty("completion_tokens").GetInt32(), usage.GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Chat_Asked_AnswersACompletionOfItsModel()
    {
        var (status, body) = await AskAsync(
            "usage-priced", """{"model":"demo-1","messages":[{"role":"user","content":"12345678"}]}""", path: "/v1/chat/completions");

        Assert.Equal(
            (HttpStatusCode.OK, "chat.completion", "demo-1", "You sent 12 characters of text.", 3L),
            (status, body.GetProperty("object").GetString(), body.GetProperty("model").GetString(),
                body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(),
                body.GetProperty("usage").GetProperty("prompt_tokens").GetInt64()));
    }

    [Theory]
    [InlineData("""{"stream":true,"messages":[]}""", false)]
    [InlineData("""{"stream":true,"messages":[],"stream_options":{"include_usage":true}}""", true)]
    public async Task Chat_AskedForAStream_SendsItsWordsAndItsUsageWhereAsked(string question, bool showsUsage)
    {
        using var content = new StringContent(question, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync($"http://127.0.0.1:{_server.Ports["usage-priced"]}/v1/chat/completions", content);
        var events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("data: [DONE]", events[^1]);
        var chunks = events[..^1].Select(one => JsonSerializer.Deserialize<JsonElement>(one["data: ".Length..])).ToList();
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString()));
        Assert.Equal("You sent 0 characters of text.", string.Concat(
            from chunk in chunks
            from choice in chunk.GetProperty("choices").EnumerateArray()
            where choice.GetProperty("delta").TryGetProperty("content", out _)
            select choice.GetProperty("delta").GetProperty("content").GetString()));
        Assert.Equal(showsUsage ? [8L] : [], chunks.Where(chunk => chunk.TryGetProperty("usage", out _))
            .Select(chunk => chunk.GetProperty("usage").GetProperty("total_tokens").GetInt64()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Provider_NoJsonObject_Answers400(string question) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync("reliable", question)).Status);

    private async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(
        string provider, string question, string path = "/v1/answer", CancellationToken cancellation = default)
    {
        using var content = new StringContent(question, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync($"http://127.0.0.1:{_server.Ports[provider]}{path}", content, cancellation);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation));
    }
}
