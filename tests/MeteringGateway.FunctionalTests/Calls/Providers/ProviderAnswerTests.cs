using System.IO.Compression;
using System.Text;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Providers;

/// <summary>What HTTP says around a provider's body, and what becomes of it.</summary>
public sealed class ProviderAnswerTests(MeteringFixture fixture) : IClassFixture<MeteringFixture>
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Query_ProviderCompressesUnasked_IsAnsweredInPlainText(string coding)
    {
        var (_, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => Packed(coding, """{"usage":{"total_tokens":10000}}""", "application/json");
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"chat"}""");
        Assert.Equal((200, 30), ((int)answer.Status, answer.CreditsCharged));
        Assert.Equal(10000, answer.Json.GetProperty("result").GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal("identity", fixture.Alpha.Requests[^1].Header("Accept-Encoding"));

        fixture.Alpha.Script = _ => Packed(coding, "plain words", "text/plain");
        var text = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((200, "plain words", false), ((int)text.Status, text.Text, text.Headers.ContainsKey("Content-Encoding")));

        fixture.Alpha.Script = _ => Packed(coding, """{"error":"no such model"}""", "application/json") with { Status = 422 };
        var refusal = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal(
            (422, "provider_rejected", "no such model"),
            ((int)refusal.Status, refusal.Code, refusal.Json.GetProperty("result").GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Query_AnswerUnpacksToMoreThanIsHeldBack_IsABadResponse()
    {
        var (account, key) = await fixture.NewKeyAsync();

        // Packed before the call: it would take more of the attempt's time than a busy machine has.
        var packed = Packed("gzip", new string(' ', 64 * 1024 * 1024), "application/json");
        fixture.Alpha.Script = _ => packed;
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal(["alpha:bad_response", "beta:success"], answer.Attempts);
        Assert.Equal([100, -7], (await fixture.Stores.Books.AwaitEntriesAsync(account, 2)).Select(entry => entry.CreditsDelta));
    }

    [Theory]
    [InlineData("application/json;")]
    [InlineData("Application/Json ; charset=UTF-8")]
    [InlineData("application/vnd.api+json; ;")]
    public async Task Query_ContentTypeIsJsonByItsGrammar_IsAnsweredInAnEnvelopeAndPricedByUsage(string contentType)
    {
        var (_, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Text("""{"usage":{"total_tokens":10000}}""", contentType);
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"chat"}""");
        Assert.Equal((200, 30, "alpha"), ((int)answer.Status, answer.CreditsCharged, answer.Json.GetProperty("provider").GetString()));
    }

    [Fact]
    public async Task Query_NoContentWithAJsonType_IsChargedOnce()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => new FakeReply { Status = 204 };
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((204, "", "7"), ((int)answer.Status, answer.Text, answer.Headers["X-Credits-Charged"]));
        Assert.Equal([100, -7], (await fixture.Stores.Books.AwaitEntriesAsync(account, 2)).Select(entry => entry.CreditsDelta));
    }

    [Theory]
    [InlineData("seven", 502, "providers_failed")]
    [InlineData("exact", 429, "provider_rejected")]
    public async Task Query_ChainEndsByAProviderThatAsksToWait_SaysSoToTheClient(string surface, int status, string code)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = fixture.Beta.Script = _ => FakeReply.Error(429) with { Headers = [("Retry-After", "17")] };
        var answer = await fixture.Client.QueryAsync(key, $$"""{"surface":"{{surface}}"}""");
        Assert.Equal((status, code, "17"), ((int)answer.Status, answer.Code, answer.Headers.GetValueOrDefault("Retry-After")));
        await AssertFreeAsync(account);
    }

    [Theory]
    [InlineData("exact", 503, "alpha:status", "beta:success")]
    [InlineData("exact", 500, "alpha:status")]
    [InlineData("exact", 599, "alpha:status")]
    [InlineData("exact", 302, "alpha:status")]
    [InlineData("none", 503, "alpha:status")]
    [InlineData("none", 500, "alpha:status")]
    public async Task Query_FallbackStatusesAreListed_ExactlyThoseFallBack(string surface, int status, params string[] attempts)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Error(status);
        var answer = await fixture.Client.QueryAsync(key, $$"""{"surface":"{{surface}}"}""");
        Assert.Equal(attempts, answer.Attempts);
        if (attempts.Length == 1)
        {
            Assert.Equal((502, "providers_failed"), ((int)answer.Status, answer.Code));
            Assert.Equal(status, answer.Json.GetProperty("provider_attempts")[0].GetProperty("status").GetInt32());
            await AssertFreeAsync(account);
        }
    }

    [Fact]
    public async Task Query_DestinationWithAHost_IsCalledUnderThatNameAndItsPathAsConfigured()
    {
        var (_, key) = await fixture.NewKeyAsync();
        Assert.Equal(200, (int)(await fixture.Client.QueryAsync(key, """{"surface":"named"}""")).Status);
        var received = fixture.Alpha.Requests[^1];
        Assert.Equal(("api.example.com", "/v1/models/a%2Fb/%C3%A9?version=2&q=%20"), (received.Header("Host"), received.Target));
    }

    [Theory]
    [InlineData("""{"surface":"ads","format":"static","count":1,"Count":100}""", "#/count")]
    [InlineData("""{"surface":"ads","format":"static","count":1,"\u0063ount":100}""", "#/count")]
    [InlineData("""{"surface":"ads","format":"static","Format":"full"}""", "#/format")]
    [InlineData("""{"surface":"ads","Surface":"seven","format":"static"}""", "#/surface")]
    public async Task Query_PriceCanBeReadInTwoWays_IsRefusedBeforeAnybodyIsCalled(string body, string at)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        var answer = await fixture.Client.QueryAsync(key, body);
        Assert.Equal(
            (400, "invalid_request", at),
            ((int)answer.Status, answer.Code, answer.Json.GetProperty("errors")[0].GetProperty("pointer").GetString()));
        Assert.Equal(before, fixture.Alpha.Count);
        await AssertFreeAsync(account);
    }

    private async Task AssertFreeAsync(long account)
    {
        var state = (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess();
        Assert.Equal((100, 0), (state.GetProperty("credit_balance").GetInt64(), state.GetProperty("held_credits").GetInt64()));
        Assert.Single(await fixture.Stores.Books.EntriesAsync(account));
    }

    private static FakeReply Packed(string coding, string text, string contentType)
    {
        using var packed = new MemoryStream();
        using (Stream packer = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            _ => new ZLibStream(packed, CompressionLevel.Fastest),
        })
        {
            packer.Write(Encoding.UTF8.GetBytes(text));
        }

        return new FakeReply { Body = packed.ToArray(), ContentType = contentType, Headers = [("Content-Encoding", coding)] };
    }
}
