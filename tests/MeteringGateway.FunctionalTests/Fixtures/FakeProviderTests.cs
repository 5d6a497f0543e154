using System.Text;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Fixtures;

public sealed class FakeProviderTests : IDisposable
{
    private readonly HttpClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Provider_TwoRequestsOnOneConnection_KeepsBothByteForByte()
    {
        await using var provider = FakeProvider.Start("""{"a":1}""");
        Assert.Equal("""{"a":1}""", await PostAsync(provider, "first"));
        Assert.Equal("""{"a":1}""", await PostAsync(provider, "second"));
        Assert.Equal(["first", "second"], provider.Requests.Select(request => request.Text));
        Assert.Equal("yes", provider.Requests[0].Header("x-probe"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Provider_CutsTheBody_ClientSeesABrokenAnswer(bool chunked)
    {
        await using var provider = FakeProvider.Start(FakeReply.Cut("""{"answer":"never whole"}""", after: 5, chunked));
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(provider, "x"));
        Assert.Equal(1, provider.Count);
    }

    [Fact]
    public async Task Provider_ChunkedDrip_ArrivesWhole()
    {
        await using var provider = FakeProvider.Start(FakeReply.Json("[1,2]") with { Chunked = true, Drip = TimeSpan.FromMilliseconds(1) });
        Assert.Equal("[1,2]", await PostAsync(provider, "x"));
    }

    [Fact]
    public async Task Provider_Refusing_AcceptsAgainOnTheSamePort()
    {
        await using var provider = FakeProvider.Start();
        await provider.RefuseAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(provider, "x"));
        provider.AcceptAgain();
        Assert.NotEmpty(await PostAsync(provider, "x"));
    }

    [Fact]
    public async Task Provider_HeldUntilASignal_AnswersThen()
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = FakeProvider.Start(FakeReply.Json("1") with { Until = signal.Task });
        var call = PostAsync(provider, "x");
        await provider.AwaitCountAsync(1);
        Assert.False(call.IsCompleted);
        signal.SetResult();
        Assert.Equal("1", await call);
    }

    [Fact]
    public async Task Stores_TwoAtOnce_AreSeparate()
    {
        await using var first = await Stores.StartAsync();
        await using var second = await Stores.StartAsync();
        Assert.NotEqual(first.PostgresConnection, second.PostgresConnection);
        Assert.NotEqual(first.Redis.Pid, second.Redis.Pid);
    }

    private async Task<string> PostAsync(FakeProvider provider, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "text/plain");
        using var request = new HttpRequestMessage(HttpMethod.Post, provider.Address + "/v1/answer") { Content = content };
        request.Headers.Add("X-Probe", "yes");
        using var answer = await _client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
