using System.Net;
using MeteringGateway.Engine.Movements;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Accounts.People;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Movements;

[Collection(PeopleTestGroup.Name)]
public sealed class CreditMovementsTests(PeopleGateway gateway)
{
    [Fact]
    public async Task Credit_OfWhichOnlyTheBooksStillKnow_IsADuplicate()
    {
        var account = await gateway.Client.CreateAccountAsync(100);
        var entry = new EntryTail($"test:{account}", "bonus", Description: "test");
        Assert.Equal(
            new CreditReply(CreditStatus.Credited, 140, Moved: 40),
            await gateway.Get<CreditMovements>().CreditAsync(account, 40, entry, default));

        // The idempotency key runs out an hour after the flush.
        var partition = gateway.Get<Partitions>().Map.Of(account);
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Stores.RedisConnection);
        Assert.True(await redis.GetDatabase().KeyDeleteAsync(PartitionMap.IdempotencyKey(partition, entry.Id)));

        Assert.Equal(
            new CreditReply(CreditStatus.Duplicate, 140, Moved: 40),
            await gateway.Get<CreditMovements>().CreditAsync(account, 40, entry, default));
        Assert.Equal(
            ["140"],
            await StateFields.ReadAsync(gateway.Get<RedisConnection>(), PartitionMap.Account(partition, account), "balance") ?? []);
        Assert.Equal([100, 40], (await gateway.Books.EntriesAsync(account)).Select(booked => booked.CreditsDelta));
    }

    [Fact]
    public async Task Debit_RefusedAndAskedForAnew_IsTakenOnceTheCreditsAreThere()
    {
        var account = await gateway.Client.CreateAccountAsync(10);
        var debit = new { account_id = account, amount = -50, type = "adjustment", description = "test", reference = $"anew-{account}" };
        Task<GatewayAnswer> AskAsync() => gateway.Client.AdminAsync(HttpMethod.Post, "admin/credits/manual", debit);
        Assert.Equal("insufficient_credits", (await AskAsync()).Code);
        Assert.Equal("insufficient_credits", (await AskAsync()).Code);
        await gateway.Client.CreditAsync(account, 100);

        var taken = await AskAsync();
        var again = await AskAsync();

        Assert.Equal((HttpStatusCode.Created, 60), (taken.Status, taken.Json.GetProperty("credit_balance").GetInt64()));
        Assert.Equal((HttpStatusCode.OK, "true"), (again.Status, again.Headers["Idempotent-Replayed"]));
        Assert.Equal([10, 100, -50], (await gateway.Books.EntriesAsync(account)).Select(booked => booked.CreditsDelta));
    }
}
