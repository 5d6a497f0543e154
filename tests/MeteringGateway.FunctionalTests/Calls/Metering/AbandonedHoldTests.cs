using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

public sealed class AbandonedHoldTests
{
    [Fact]
    public async Task Hold_OfAKilledGateway_GoesBackByItself()
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start(FakeReply.Hang());
        await using var beta = FakeProvider.Start(FakeReply.Hang());
        var environment = new Dictionary<string, string> { ["ALPHA_KEY"] = "x" };
        await using var killed = await GatewayProcess.StartAsync(stores, MeteringFixture.Config(alpha, beta), environment);
        await using var other = await GatewayProcess.StartAsync(stores, MeteringFixture.Config(alpha, beta), environment);
        var account = await killed.Client.CreateAccountAsync(100);
        var key = await killed.Client.CreateKeyAsync(account);
        var calls = Enumerable.Range(0, 5).Select(_ => killed.Client.QueryAsync(key, """{"surface":"seven"}""")).ToList();
        await alpha.AwaitCountAsync(5);
        Assert.Equal(35, await HeldAsync());
        await killed.Kill9Async();
        await Assert.ThrowsAsync<HttpRequestException>(() => Task.WhenAll(calls));

        // TotalTimeout 3 s, HoldGrace 1 s, one look a second.
        await Eventually.TrueAsync(async () => await HeldAsync() == 0, () => "the holds stay");
        alpha.Script = _ => FakeReply.Json("{}");
        var answer = await other.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((200, 93), ((int)answer.Status, answer.RemainingCredits));
        Assert.Contains(
            "metering_holds_expired_total 5", (await other.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text,
            StringComparison.Ordinal);

        async Task<long> HeldAsync() => (await other.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess()
            .GetProperty("held_credits").GetInt64();
    }
}
