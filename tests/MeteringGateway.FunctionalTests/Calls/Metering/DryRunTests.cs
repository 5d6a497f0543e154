using System.Text;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

/// <summary>Contract §3, Dry run.</summary>
public sealed class DryRunTests(StreamFixture fixture) : IClassFixture<StreamFixture>
{
    [Theory]
    [InlineData("flat", 1_000, 7, true, null)]
    [InlineData("chat", 1_000, 50, true, null)]
    [InlineData("chat", 49, 50, false, "insufficient_credits")]
    [InlineData("free", 0, 0, true, null)]
    public async Task DryRun_SaysTheMostAndWhetherItWouldPass_AndDoesNothing(
        string surface, long credits, long most, bool passes, string? code)
    {
        var (account, key) = await fixture.NewKeyAsync(credits);
        var before = fixture.Alpha.Count;

        var answer = await AskAsync(key, $$"""{"surface":"{{surface}}"}""");

        Assert.Equal(200, (int)answer.Status);
        Assert.Equal(
            (true, true, surface, most, passes, code, credits),
            (answer.Json.GetProperty("ok").GetBoolean(), answer.Json.GetProperty("dry_run").GetBoolean(),
                answer.Json.GetProperty("surface").GetString(), answer.Json.GetProperty("max_credits").GetInt64(),
                answer.Json.GetProperty("would_pass").GetBoolean(), answer.Json.GetProperty("code").GetString(), answer.RemainingCredits));
        Assert.Equal(before, fixture.Alpha.Count);
        Assert.Equal((0L, credits), await StateAsync(account));
    }

    [Fact]
    public async Task DryRun_OfAKeyAtItsLimit_SaysWhichRefusalItWouldBe()
    {
        var account = await fixture.Client.CreateAccountAsync(1_000);
        var key = await fixture.Client.CreateKeyAsync(
            account, new { name = "test", mode = "live", spending_limit = 6, spending_type = "FIXED", spending_period = (string?)null });

        var limited = await AskAsync(key, """{"surface":"flat"}""");
        await fixture.Client.AdminAsync(HttpMethod.Patch, $"admin/accounts/{account}", new { status = "suspended" });
        var suspended = await AskAsync(key, """{"surface":"flat"}""");

        Assert.Equal((200, "key_limit_exceeded"), ((int)limited.Status, limited.Json.GetProperty("code").GetString()));
        Assert.Equal((200, "account_suspended"), ((int)suspended.Status, suspended.Json.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("?dry_run=false", 400, "invalid_request")]
    [InlineData("?dry_run=1", 400, "invalid_request")]
    [InlineData("?dry_run", 400, "invalid_request")]
    [InlineData("?dry_run=true&dry_run=true", 400, "invalid_request")]
    [InlineData("?dryrun=true", 400, "invalid_request")]
    [InlineData("?dry_run=true&x=1", 400, "invalid_request")]
    public async Task Query_WithASlipInItsParameters_IsRefusedAndSpendsNothing(string query, int status, string code)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;

        var answer = await AskAsync(key, """{"surface":"flat"}""", query);

        Assert.Equal((status, code, before), ((int)answer.Status, answer.Code, fixture.Alpha.Count));
        Assert.Equal((0L, 1_000L), await StateAsync(account));
    }

    [Theory]
    [InlineData("""{"surface":"none"}""", 404, "unknown_surface")]
    [InlineData("""{"surface":""", 400, "invalid_json")]
    public async Task DryRun_OfAWrongRequest_IsRefusedAsTheCall(string body, int status, string code)
    {
        var (_, key) = await fixture.NewKeyAsync();

        var answer = await AskAsync(key, body);

        Assert.Equal((status, code), ((int)answer.Status, answer.Code));
        Assert.Equal((401, "invalid_key"), Read(await AskAsync("mg_live_none", """{"surface":"flat"}""")));
    }

    [Fact]
    public async Task DryRun_WithAnIdempotencyKey_DoesNotLookAtIt()
    {
        var (_, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("{}");

        var dry = await AskAsync(key, """{"surface":"flat"}""", "?dry_run=true", ("Idempotency-Key", "k"));
        var call = await fixture.Client.QueryAsync(key, """{"surface":"flat"}""", ("Idempotency-Key", "k"));
        var again = await AskAsync(key, """{"surface":"flat"}""", "?dry_run=true", ("Idempotency-Key", "k"));

        Assert.True(dry.Json.GetProperty("would_pass").GetBoolean());
        Assert.Equal((200, 7L), ((int)call.Status, call.CreditsCharged));
        Assert.True(again.Json.GetProperty("dry_run").GetBoolean());
    }

    [Fact]
    public async Task DryRun_WithATestKey_IsThatOfTheSandbox()
    {
        var (account, _) = await fixture.NewKeyAsync(credits: 0);
        var test = await fixture.Client.CreateKeyAsync(account, new { name = "test", mode = "test" });

        var passes = await AskAsync(test, """{"surface":"flat"}""");
        var fails = await AskAsync(test, """{"surface":"flat"}""", "?dry_run=true", ("X-Test-Scenario", "insufficient_credits"));

        Assert.Equal((true, 100_000L), (passes.Json.GetProperty("would_pass").GetBoolean(), passes.RemainingCredits));
        Assert.Equal("insufficient_credits", fails.Json.GetProperty("code").GetString());
    }

    private Task<GatewayAnswer> AskAsync(
        string key, string body, string query = "?dry_run=true", params (string Name, string Value)[] headers) =>
        fixture.Client.SendAsync(
            HttpMethod.Post, "api/v1/query" + query, key, new StringContent(body, Encoding.UTF8, "application/json"), headers);

    private static (int Status, string? Code) Read(GatewayAnswer answer) => ((int)answer.Status, answer.Code);

    private async Task<(long Held, long Balance)> StateAsync(long account)
    {
        JsonElement state = (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess();
        return (state.GetProperty("held_credits").GetInt64(), state.GetProperty("credit_balance").GetInt64());
    }
}
