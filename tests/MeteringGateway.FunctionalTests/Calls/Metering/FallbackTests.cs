using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

public sealed class FallbackTests(MeteringFixture fixture) : IClassFixture<MeteringFixture>
{
    public static TheoryData<string, string> Failures => new()
    {
        { "503", "status" },
        { "500", "status" },
        { "429", "status" },
        { "101", "timeout" },
        { "408", "status" },
        { "502", "status" },
        { "504", "status" },
        { "hang", "timeout" },
        { "drip", "timeout" },
        { "reset", "bad_response" },
        { "cut at 0", "bad_response" },
        { "cut in the middle", "bad_response" },
        { "cut at the last byte", "bad_response" },
        { "cut chunked", "bad_response" },
        { "no JSON", "bad_response" },
        { "empty", "bad_response" },
        { "cut JSON", "bad_response" },
        { "unframed JSON, cut", "bad_response" },
        { "unframed number", "bad_response" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Query_FirstProviderFails_SecondAnswersAndIsChargedOnce(string failure, string outcome)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => Reply(failure);
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven","n":1}""");
        Assert.Equal((200, 7, 93), ((int)answer.Status, answer.CreditsCharged, answer.RemainingCredits));
        Assert.Equal(["alpha:" + outcome, "beta:success"], answer.Attempts);
        Assert.Equal("""{"surface":"seven","n":1}""", fixture.Beta.Requests[^1].Text);
        var entries = await fixture.Stores.Books.AwaitEntriesAsync(account, 2);
        Assert.Equal([100, -7], entries.Select(entry => entry.CreditsDelta));
        Assert.Equal("beta", entries[1].Provider);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(302)]
    [InlineData(304)]
    [InlineData(307)]
    [InlineData(501)]
    [InlineData(505)]
    [InlineData(599)]
    public async Task Query_StatusThatIsNoAnswerAndNotListed_EndsTheChainAndIsFree(int status)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Error(status);
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((502, "providers_failed", 0), ((int)answer.Status, answer.Code, answer.CreditsCharged));
        Assert.Equal(["alpha:status"], answer.Attempts);
        await AssertFreeAsync(account);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(407)]
    [InlineData(409)]
    [InlineData(418)]
    [InlineData(422)]
    [InlineData(451)]
    [InlineData(499)]
    public async Task Query_ProviderRefuses_IsPassedOnWithItsStatusAndFree(int status)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Error(status);
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((status, "provider_rejected", 0), ((int)answer.Status, answer.Code, answer.CreditsCharged));
        Assert.Equal("scripted", answer.Json.GetProperty("result").GetProperty("error").GetString());
        await AssertFreeAsync(account);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(203)]
    [InlineData(206)]
    [InlineData(299)]
    public async Task Query_ProviderAnswersWithAnotherSuccess_IsChargedOnce(int status)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("""{"from":"alpha"}""", status);
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((true, 7), ((int)answer.Status is >= 200 and < 300, answer.CreditsCharged));
        Assert.Equal([100, -7], (await fixture.Stores.Books.AwaitEntriesAsync(account, 2)).Select(entry => entry.CreditsDelta));
    }

    [Fact]
    public async Task Query_ProviderAnswersWithoutContent_IsChargedOnce()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => new FakeReply { Status = 204, ContentType = null };
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((204, "", "7"), ((int)answer.Status, answer.Text, answer.Headers["X-Credits-Charged"]));
        Assert.Equal([100, -7], (await fixture.Stores.Books.AwaitEntriesAsync(account, 2)).Select(entry => entry.CreditsDelta));
    }

    [Fact]
    public async Task Query_FirstProviderIsDown_SecondAnswersAndIsChargedOnce()
    {
        var (account, key) = await fixture.NewKeyAsync();
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"down-first"}""");
        Assert.Equal((200, 7), ((int)answer.Status, answer.CreditsCharged));
        Assert.Equal(["down:connect_error", "beta:success"], answer.Attempts);
        Assert.Equal(2, (await fixture.Stores.Books.AwaitEntriesAsync(account, 2)).Count);
    }

    [Fact]
    public async Task Query_AllProvidersFail_IsFreeAndSaysWhatHappened()
    {
        var (account, key) = await fixture.NewKeyAsync();
        (fixture.Alpha.Script, fixture.Beta.Script) = (_ => FakeReply.Error(503), _ => FakeReply.Cut("""{"a":1}""", 3));
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((502, "providers_failed", 0), ((int)answer.Status, answer.Code, answer.CreditsCharged));
        Assert.Equal(["alpha:status", "beta:bad_response"], answer.Attempts);
        await AssertFreeAsync(account);
    }

    [Fact]
    public async Task Query_AllProvidersHang_TimesOutWithinTheSurfacesTime()
    {
        var (account, key) = await fixture.NewKeyAsync();
        (fixture.Alpha.Script, fixture.Beta.Script) = (_ => FakeReply.Hang(), _ => FakeReply.Hang());
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((504, "providers_timed_out"), ((int)answer.Status, answer.Code));
        Assert.Equal(["alpha:timeout", "beta:timeout"], answer.Attempts);
        await AssertFreeAsync(account);
    }

    [Fact]
    public async Task Query_AnswerEndsWithItsConnectionAndIsJson_IsChargedOnce()
    {
        var (_, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("""{"a":1}""") with { Unframed = true };
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((200, 7, "alpha"), ((int)answer.Status, answer.CreditsCharged, answer.Json.GetProperty("provider").GetString()));
        Assert.Equal(["alpha:success"], answer.Attempts);
    }

    [Fact]
    public async Task Query_RefusalEndsWithItsConnection_IsPassedOnAndFree()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Text("no such thing", "text/plain") with { Status = 404, Unframed = true };
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((404, "provider_rejected", 0), ((int)answer.Status, answer.Code, answer.CreditsCharged));
        await AssertFreeAsync(account);
    }

    private async Task AssertFreeAsync(long account)
    {
        var state = (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess();
        Assert.Equal((100, 0), (state.GetProperty("credit_balance").GetInt64(), state.GetProperty("held_credits").GetInt64()));
        Assert.Single(await fixture.Stores.Books.EntriesAsync(account));
    }

    private static FakeReply Reply(string failure) => failure switch
    {
        "hang" => FakeReply.Hang(),
        "drip" => FakeReply.Json("""{"a":"a long answer, one byte at a time"}""") with { Drip = TimeSpan.FromMilliseconds(100) },
        "reset" => FakeReply.Json("{}") with { Reset = true },
        "cut at 0" => FakeReply.Cut("""{"a":1}""", 0),
        "cut in the middle" => FakeReply.Cut("""{"a":1}""", 3),
        "cut at the last byte" => FakeReply.Cut("""{"a":1}""", 6),
        "cut chunked" => FakeReply.Cut("""{"a":1}""", 7, chunked: true),
        "no JSON" => FakeReply.Json("<html>"),
        "empty" => FakeReply.Json(""),
        "cut JSON" => FakeReply.Json("""{"a":"""),
        "unframed JSON, cut" => FakeReply.Cut("""{"a":1}""", 6) with { Unframed = true },
        "unframed number" => FakeReply.Json("12") with { Unframed = true },
        _ => FakeReply.Error(int.Parse(failure, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
