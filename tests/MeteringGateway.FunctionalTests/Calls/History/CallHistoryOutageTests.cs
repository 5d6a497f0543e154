using System.Net;
using MeteringGateway.FunctionalTests.Accounts.People;

namespace MeteringGateway.FunctionalTests.Calls.History;

/// <summary>While Redis is away nobody can say of a call that it was not charged.</summary>
public sealed class CallHistoryOutageTests : IAsyncLifetime
{
    private readonly PeopleGateway _gateway = new();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Call_WhileRedisIsAway_IsToldOfOnlyWhereTheLedgerHasIt()
    {
        var account = await _gateway.Client.CreateAccountAsync(100);
        var key = await _gateway.Client.CreateKeyAsync(account);
        var charged = (await _gateway.Client.QueryAsync(key, """{"surface":"search"}""")).RequestId;
        await _gateway.Books.AwaitEntriesAsync(account, 2);
        await _gateway.Stores.Redis.KillAsync();

        Assert.Equal(HttpStatusCode.OK, (await _gateway.GetAsync($"api/v1/calls/{charged}", key)).Status);
        var unknown = await _gateway.GetAsync("api/v1/calls/0198f1c2a7d07c3e9a3b0f6f1d2e4a55", key);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "metering_unavailable"), (unknown.Status, unknown.Code));
    }
}
