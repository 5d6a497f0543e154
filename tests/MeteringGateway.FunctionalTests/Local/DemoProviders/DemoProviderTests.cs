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
        new DemoProviderOptions { FirstPort = 0, Slow = TimeSpan.FromMilliseconds(20), TooSlow = TimeSpan.FromMinutes(5) },
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
        await Assert.ThrowsAsync<TaskCanceledException>(() => AskAsync("slow", "{}", patience.Token));
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

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Provider_NoJsonObject_Answers400(string question) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync("reliable", question)).Status);

    private async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(
        string provider, string question, CancellationToken cancellation = default)
    {
        using var content = new StringContent(question, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync($"http://127.0.0.1:{_server.Ports[provider]}/v1/answer", content, cancellation);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation));
    }
}
