using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

/// <summary>What a provider says around its body must not turn a charged answer into an error.</summary>
public sealed class ProviderHeaderTests(MeteringFixture fixture) : IClassFixture<MeteringFixture>
{
    [Theory]
    [InlineData("attachment; filename=\"r\u00E9sum\u00E9.pdf\"")]
    [InlineData("attachment; filename=\"a\u0001.pdf\"")]
    public async Task Query_HeaderThatCannotBeSentOn_IsLeftOutOfTheChargedAnswer(string value)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ =>
            FakeReply.Text("%PDF", "application/pdf") with { Headers = [("Content-Disposition", value), ("Content-Language", "fr")] };
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((200, "%PDF", "7", "fr"), (
            (int)answer.Status, answer.Text, answer.Headers.GetValueOrDefault("X-Credits-Charged"),
            answer.Headers.GetValueOrDefault("Content-Language")));
        Assert.False(answer.Headers.ContainsKey("Content-Disposition"));
        Assert.Equal([100, -7], (await fixture.Stores.Books.AwaitEntriesAsync(account, 2)).Select(entry => entry.CreditsDelta));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task Query_StatusThatForbidsABody_IsAnsweredWithTheBody(string contentType)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Text("{}", contentType) with { Status = 205 };
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((200, "7"), ((int)answer.Status, answer.Headers.GetValueOrDefault("X-Credits-Charged")));
        Assert.Equal([100, -7], (await fixture.Stores.Books.AwaitEntriesAsync(account, 2)).Select(entry => entry.CreditsDelta));
    }

    [Fact]
    public async Task Query_JsonThatIsNotUtf8_IsABadResponse()
    {
        var (_, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("") with { Body = [(byte)'"', 0xE9, (byte)'"'] };
        Assert.Equal(["alpha:bad_response", "beta:success"], (await fixture.Client.QueryAsync(key, """{"surface":"seven"}""")).Attempts);
    }
}
