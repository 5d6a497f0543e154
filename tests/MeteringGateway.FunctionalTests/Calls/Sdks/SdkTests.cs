using System.Net.Http.Json;
using System.Text.Json;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Shapes;

namespace MeteringGateway.FunctionalTests.Calls.Sdks;

/// <summary>
/// Contract §3a: the npm packages <c>openai</c> and <c>@anthropic-ai/sdk</c>, unchanged, with nothing but a base URL and a gateway key.
/// Both providers use as much for the same call, so both cost the same: (3 × input + 15 × output) / 10, rounded up.
/// </summary>
public sealed class SdkTests(SdkFixture fixture) : IClassFixture<SdkFixture>
{
    private const string OpenAi = "openai";
    private const string Anthropic = "anthropic";

    [Theory]
    [InlineData(OpenAi, "plain", "Credits kept apart.", 104)]
    [InlineData(Anthropic, "plain", "Credits kept apart.", 104)]
    [InlineData(OpenAi, "stream", "Credits kept apart.", 117)]
    [InlineData(Anthropic, "stream", "Credits kept apart.", 117)]
    public async Task Call_OfAnUnchangedSdk_IsAnsweredAndChargedByItsUsage(string sdk, string call, string text, long credits)
    {
        var (account, key) = await fixture.NewKeyAsync();

        var result = Assert.Single(await fixture.RunAsync(sdk, key, [call]));

        var entry = Assert.Single(await fixture.ChargesAsync(account, 1));
        Assert.Equal(text, Text(result, "text"));
        Assert.Equal((-credits, 1_000 - credits, sdk, sdk), (entry.CreditsDelta, entry.BalanceAfter, entry.Surface, entry.Provider));
        Assert.Equal((entry.EntryId, sdk), (Text(result, "request_id"), Text(result, "provider")));
        Assert.Equal(call == "plain" ? ($"{credits}", null) : (null, "500"), (Text(result, "charged"), Text(result, "held")));
        var received = fixture.ProviderOf(sdk).Requests[^1];
        Assert.DoesNotContain(received.Headers, header => header.Value.Contains(key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OpenAi)]
    [InlineData(Anthropic)]
    public async Task ToolCall_AndItsResult_AreTwoCallsEachChargedByItsUsage(string sdk)
    {
        var (account, key) = await fixture.NewKeyAsync();

        var result = Assert.Single(await fixture.RunAsync(sdk, key, ["tool"]));

        Assert.Equal(("weather", "Take a coat."), (Text(result, "tool"), Text(result, "text")));
        Assert.Equal(["107", "90"], result.GetProperty("charges").EnumerateArray().Select(charge => charge.GetString()));
        Assert.Equal([-107, -90], (await fixture.ChargesAsync(account, 2)).Select(entry => entry.CreditsDelta));
    }

    [Theory]
    [InlineData(OpenAi, "plain")]
    [InlineData(OpenAi, "stream")]
    [InlineData(Anthropic, "plain")]
    [InlineData(Anthropic, "stream")]
    public async Task Call_ThatTheBalanceCantPay_IsShownWithItsMessageAndNotRetried(string sdk, string call)
    {
        var (account, key) = await fixture.NewKeyAsync(credits: 499);
        var (provider, refused) = (fixture.ProviderOf(sdk).Count, await fixture.CallsAsync(sdk, "insufficient_credits"));

        var error = Error(Assert.Single(await fixture.RunAsync(sdk, key, [call])));

        Assert.Equal(
            (402, "The call may cost 500 credits and the balance is 499.", "invalid_request_error"),
            (error.GetProperty("status").GetInt32(), Text(error, "message"), Text(error, "type")));
        Assert.Contains("The call may cost 500 credits and the balance is 499.", Text(error, "text"), StringComparison.Ordinal);
        Assert.Equal((provider, refused + 1), (fixture.ProviderOf(sdk).Count, await fixture.CallsAsync(sdk, "insufficient_credits")));
        await fixture.ChargesAsync(account, 0);
    }

    /// <summary>The SDKs try twice more; each try is refused before it holds anything.</summary>
    [Theory]
    [InlineData(OpenAi)]
    [InlineData(Anthropic)]
    public async Task Call_OverTheRateOfItsKey_IsRetriedAndThenShown(string sdk)
    {
        IReadOnlyList<JsonElement> results;
        long account;
        int refused;
        do
        {
            // Where a minute ends between the two calls, the second is free to go: once more.
            (account, var key) = await fixture.NewKeyAsync(perMinute: 1);
            refused = await fixture.CallsAsync(sdk, "rate_limited");
            results = await fixture.RunAsync(sdk, key, ["plain", "plain"], ("QUICK", "1"));
        }
        while (results.All(result => !result.TryGetProperty("error", out _)));

        var error = Error(results[1]);
        Assert.Equal(("RateLimitError", 429), (Text(error, "kind"), error.GetProperty("status").GetInt32()));
        Assert.Equal("The key's calls for this minute are used up.", Text(error, "message"));
        Assert.Equal(refused + 3, await fixture.CallsAsync(sdk, "rate_limited"));
        await fixture.ChargesAsync(account, 1);
    }

    /// <summary>Another call's body takes the gateway's memory until the SDK has been refused once.</summary>
    [Theory]
    [InlineData(OpenAi)]
    [InlineData(Anthropic)]
    public async Task Call_ThatFindsNoRoom_IsRetriedUntilThereIsAndChargedOnce(string sdk)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var (_, other) = await fixture.NewKeyAsync();
        var (provider, overloaded) = (fixture.ProviderOf(sdk), await fixture.CallsAsync(sdk, "overloaded"));
        var (before, answer, release) = (provider.Count, provider.Script, new TaskCompletionSource());
        provider.Script = request =>
        {
            provider.Script = answer;
            return answer(request) with { Until = release.Task };
        };
        var large = new { model = "large", messages = Array.Empty<object>(), pad = new string('x', SdkFixture.MaxBufferedBytes * 3 / 4) };
        var first = fixture.Client.SendAsync(
            HttpMethod.Post, sdk == OpenAi ? OpenAiProvider.Path : AnthropicProvider.Path, other, JsonContent.Create(large),
            ("anthropic-version", "2023-06-01"));
        await provider.AwaitCountAsync(before + 1);

        var running = fixture.RunAsync(
            sdk, key, ["plain"], ("PADDING", $"{SdkFixture.MaxBufferedBytes / 2}"), ("RETRIES", "20"));
        await Eventually.TrueAsync(async () => await fixture.CallsAsync(sdk, "overloaded") > overloaded, () => "nothing was refused");
        release.SetResult();
        var result = Assert.Single(await running);

        Assert.Equal(200, (int)(await first).Status);
        Assert.Equal(("Credits kept apart.", "104"), (Text(result, "text"), Text(result, "charged")));
        Assert.Equal(before + 2, provider.Count);
        Assert.Equal(-104, Assert.Single(await fixture.ChargesAsync(account, 1)).CreditsDelta);
    }

    [Theory]
    [InlineData(OpenAi)]
    [InlineData(Anthropic)]
    public async Task Repeat_WithAnIdempotencyKey_GetsTheSameAnswerAndIsChargedOnce(string sdk)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.ProviderOf(sdk).Count;

        var results = await fixture.RunAsync(sdk, key, ["plain", "plain"], ("IDEMPOTENCY_KEY", "k-1"));

        Assert.Equal([null, "true"], results.Select(result => Text(result, "replayed")));
        foreach (var name in new[] { "id", "text", "request_id", "charged", "provider" })
        {
            Assert.NotNull(Text(results[0], name));
            Assert.Equal(Text(results[0], name), Text(results[1], name));
        }

        Assert.Equal(before + 1, fixture.ProviderOf(sdk).Count);
        Assert.Equal(-104, Assert.Single(await fixture.ChargesAsync(account, 1)).CreditsDelta);
    }

    /// <summary>A 409 is retried by both, but where the answer says that it must not be.</summary>
    [Theory]
    [InlineData(OpenAi)]
    [InlineData(Anthropic)]
    public async Task Repeat_OfAStream_IsRefusedWithTheFirstChargeAndNotRetried(string sdk)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var (before, refused) = (fixture.ProviderOf(sdk).Count, await fixture.CallsAsync(sdk, "idempotency_body_not_kept"));

        var results = await fixture.RunAsync(sdk, key, ["stream", "stream"], ("IDEMPOTENCY_KEY", "k-1"));

        Assert.Equal("Credits kept apart.", Text(results[0], "text"));
        var error = Error(results[1]);
        Assert.Equal(("ConflictError", 409), (Text(error, "kind"), error.GetProperty("status").GetInt32()));
        Assert.Contains("was charged 117 credits", Text(error, "message"), StringComparison.Ordinal);
        Assert.Equal(refused + 1, await fixture.CallsAsync(sdk, "idempotency_body_not_kept"));
        Assert.Equal(before + 1, fixture.ProviderOf(sdk).Count);
        Assert.Equal(-117, Assert.Single(await fixture.ChargesAsync(account, 1)).CreditsDelta);
    }

    private static string? Text(JsonElement result, string name) =>
        result.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Error(JsonElement result) =>
        result.TryGetProperty("error", out var error) ? error : throw new InvalidOperationException($"no error: {result}");
}
