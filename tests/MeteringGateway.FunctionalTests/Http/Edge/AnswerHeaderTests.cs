using System.Net.Http.Headers;
using System.Text.Json;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Http.Edge;

/// <summary>What every answer says around its body, over all that the document lists.</summary>
public sealed class AnswerHeaderTests(MeteringFixture fixture) : IClassFixture<MeteringFixture>
{
    [Fact]
    public async Task EveryGet_WithACredential_IsKeptByNoCacheAndAnswersHead()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var session = (await fixture.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).ExpectSuccess()
            .GetProperty("session").GetString()!;
        var document = JsonDocument.Parse((await fixture.Client.SendAsync(HttpMethod.Get, "openapi/v1.json", null, null)).Text);
        var reads = document.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _))
            .Select(path => path.Name.TrimStart('/')).ToList();
        Assert.True(reads.Count > 20);
        foreach (var read in reads)
        {
            var path = read.Replace("{id}", "1", StringComparison.Ordinal);
            foreach (var credential in path.StartsWith("admin", StringComparison.Ordinal)
                ? [GatewayProcess.AdminToken]
                : new[] { key, session })
            {
                var get = await fixture.Client.SendAsync(HttpMethod.Get, path, credential, null);
                Assert.True(
                    get.Headers.GetValueOrDefault("Cache-Control") == "no-store",
                    $"{path}: {get.Headers.GetValueOrDefault("Cache-Control")}");
                Assert.True(get.Headers.ContainsKey("X-Request-Id"), path);
                var head = await fixture.Client.SendAsync(HttpMethod.Head, path, credential, null);
                Assert.True((get.Status, "") == (head.Status, head.Text), $"HEAD {path}: {head.Status}, GET: {get.Status}");
                Assert.Equal(get.Headers.GetValueOrDefault("Content-Type"), head.Headers.GetValueOrDefault("Content-Type"));
            }
        }
    }

    [Theory]
    [InlineData("HEAD", 405)]
    [InlineData("GET", 405)]
    [InlineData("PUT", 405)]
    [InlineData("OPTIONS", 204)]
    public async Task MeteredCall_ByAnotherMethod_SaysWhatIsAllowed(string method, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "api/v1/query");
        using var answer = await fixture.Client.Http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains("POST", answer.Content.Headers.Allow);
        Assert.True(answer.Headers.Contains("X-Request-Id"));
    }

    [Theory]
    [InlineData(null, "application/json", 401)]
    [InlineData("key", "text/plain", 415)]
    [InlineData("key", "application/json", 413)]
    public async Task Refusal_OfALargeBody_SaysThatTheConnectionIsNotUsedAgain(string? credential, string type, int status)
    {
        var (_, key) = await fixture.NewKeyAsync();
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "api/v1/query") { Content = new ByteArrayContent(new byte[3 * 1024 * 1024]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Authorization = credential is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var answer = await fixture.Client.Http.SendAsync(request);
        Assert.Equal((status, true), ((int)answer.StatusCode, answer.Headers.ConnectionClose));
        Assert.Equal(200, (int)(await fixture.Client.QueryAsync(key, """{"surface":"search"}""")).Status);
    }
}
