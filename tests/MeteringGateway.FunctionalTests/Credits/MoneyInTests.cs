using MeteringGateway.Credits;
using MeteringGateway.FunctionalTests.People;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Credits;

[Collection(PeopleTestGroup.Name)]
public sealed class MoneyInTests(PeopleGateway gateway)
{
    [Fact]
    public async Task Credit_OfWhichOnlyTheBooksStillKnow_IsADuplicate()
    {
        var account = await gateway.Client.CreateAccountAsync(100);
        var entry = new EntryTail($"test:{account}", "bonus", Description: "test");
        Assert.Equal(new CreditReply(CreditStatus.Credited, 140), await gateway.Get<MoneyIn>().CreditAsync(account, 40, entry, default));

        // The marker runs out an hour after the flush.
        var partition = gateway.Get<Partitions>().Map.Of(account);
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Stores.RedisConnection);
        Assert.True(await redis.GetDatabase().KeyDeleteAsync(PartitionMap.CreditMarker(partition, entry.Id)));

        Assert.Equal(new CreditReply(CreditStatus.Duplicate, 140), await gateway.Get<MoneyIn>().CreditAsync(account, 40, entry, default));
        Assert.Equal(140, (long)await redis.GetDatabase().HashGetAsync(PartitionMap.Account(partition, account), "balance"));
        Assert.Equal([100, 40], (await gateway.Books.EntriesAsync(account)).Select(booked => booked.CreditsDelta));
    }
}
