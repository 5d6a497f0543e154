using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

/// <summary>Two gateways on the same stores: what one reserves, the other knows.</summary>
public sealed class ConcurrencyTests
{
    [Theory]
    [InlineData(null, 14, 2)]
    [InlineData(50, 7, 51)]
    public async Task Query_200AtOnceThroughTwoGateways_PassesExactlyWhatFits(int? limit, int passed, long balance)
    {
        await using var stores = await Stores.StartAsync();
        await using var alpha = FakeProvider.Start();
        await using var beta = FakeProvider.Start();
        var environment = new Dictionary<string, string> { ["ALPHA_KEY"] = "x" };
        await using var one = await GatewayProcess.StartAsync(stores, MeteringFixture.Config(alpha, beta), environment);
        await using var two = await GatewayProcess.StartAsync(stores, MeteringFixture.Config(alpha, beta), environment);
        var account = await one.Client.CreateAccountAsync(100);
        var key = await one.Client.CreateKeyAsync(
            account, new { name = "k", mode = "live", spending_limit = limit, spending_type = limit is null ? null : "FIXED" });

        // Nobody gets an answer before all have asked, so that every call meets the holds of the others.
        var allAsked = new TaskCompletionSource();
        alpha.Script = _ => FakeReply.Json("{}") with { Until = allAsked.Task };
        var calls = Enumerable.Range(0, 200)
            .Select(i => (i % 2 == 0 ? one : two).Client.QueryAsync(key, """{"surface":"seven"}""")).ToList();
        await alpha.AwaitCountAsync(passed);
        await Eventually.TrueAsync(
            () => Task.FromResult(calls.Count(call => call.IsCompleted) == 200 - passed),
            () => $"{calls.Count(call => call.IsCompleted)} calls are refused");
        allAsked.SetResult();
        var answers = await Task.WhenAll(calls);

        Assert.Equal(passed, answers.Count(answer => (int)answer.Status == 200));
        Assert.Equal(200 - passed, answers.Count(answer => (int)answer.Status == 402));
        Assert.Equal(passed, alpha.Count);
        var entries = await stores.Books.AwaitEntriesAsync(account, passed + 1);
        Assert.Equal(Enumerable.Range(1, passed + 1), entries.Select(entry => (int)entry.Seq));
        Assert.Equal(
            answers.Where(answer => (int)answer.Status == 200).Select(answer => answer.RequestId).Order(),
            entries.Skip(1).Select(entry => entry.EntryId).Order());
        var state = (await two.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess();
        Assert.Equal((balance, 0), (state.GetProperty("credit_balance").GetInt64(), state.GetProperty("held_credits").GetInt64()));
        Assert.Empty(await stores.Books.ProblemsAsync());
        Assert.True((await one.Client.VerifyLedgerAsync()).GetProperty("ok").GetBoolean());
    }
}
