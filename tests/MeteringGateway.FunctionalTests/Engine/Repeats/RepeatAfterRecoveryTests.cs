using System.Net;
using System.Security.Cryptography;
using Dapper;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Accounts.People;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Engine.Repeats;

/// <summary>
/// A charged call that is repeated with its idempotency key when Redis has lost the key's record: the charge is in the ledger, and is not
/// made again.
/// </summary>
public sealed class RepeatAfterRecoveryTests : IAsyncLifetime
{
    private static readonly IdempotencyTicket s_ticket = new(Convert.ToHexStringLower(SHA256.HashData("key"u8)), "print");

    private readonly PeopleGateway _gateway = new();
    private long _account;
    private long _key;

    private CallCredits Calls => _gateway.Get<CallCredits>();

    public async Task InitializeAsync()
    {
        await _gateway.InitializeAsync();
        _account = await _gateway.Client.CreateAccountAsync(100);
        await _gateway.Client.CreateKeyAsync(_account);
        _key = await ScalarAsync<long>("select id from keys where account_id = @account");
    }

    public Task DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Repeat_AfterRedisCameBackEmpty_IsNotChargedAgain()
    {
        await ChargeAsync("first", 7);
        await _gateway.Books.AwaitEntriesAsync(_account, 2);
        await LoseRedisAsync(() => Directory.Delete(Files, recursive: true));

        var repeat = await ServedAsync("second", s_ticket);
        Assert.Equal((ReserveStatus.IdempotencyCharged, null), (repeat.Status, repeat.Hold));
        Assert.Equal(new FirstCall("first", 7, 93), repeat.First);
        Assert.Equal(93, repeat.Snapshot.Balance);

        // Another body is refused still, and another key is a call of its own.
        var other = await ServedAsync("third", s_ticket with { Fingerprint = "another print" });
        Assert.Equal((ReserveStatus.IdempotencyMismatch, "first"), (other.Status, other.First?.RequestId));
        var another = s_ticket with { Hash = Convert.ToHexStringLower(SHA256.HashData("another key"u8)) };
        Assert.Equal(ReserveStatus.Reserved, (await ServedAsync("fourth", another)).Status);
        Assert.Equal([100, -7], (await _gateway.Books.EntriesAsync(_account)).Select(entry => entry.CreditsDelta));
    }

    [Fact]
    public async Task Repeat_AfterRedisCameBackOlder_IsNotChargedAgain()
    {
        // The copy has the hold of the call, which is charged after it.
        var hold = (await Calls.ReserveAsync(Call("first", s_ticket), default)).Hold!;
        var copy = Files + ".copy";
        Copy(Files, copy);
        await Calls.CommitAsync(hold, 7, new EntryTail("first", "usage"));
        await _gateway.Books.AwaitEntriesAsync(_account, 2);
        await LoseRedisAsync(() =>
        {
            Directory.Delete(Files, recursive: true);
            Directory.Move(copy, Files);
        });

        var repeat = await ServedAsync("second", s_ticket);
        Assert.Equal((ReserveStatus.IdempotencyCharged, new FirstCall("first", 7, 93)), (repeat.Status, repeat.First));
        Assert.Equal([100, -7], (await _gateway.Books.EntriesAsync(_account)).Select(entry => entry.CreditsDelta));
    }

    [Fact]
    public async Task Repeat_OfAChargeThatWasTakenBack_IsANewCall()
    {
        var hold = await ChargeAsync("first", 7);
        var settlement = _gateway.Get<DisputeSettlement>();
        await settlement.DisputeAsync(hold, 7);
        await settlement.FinishAllAsync(default);
        Assert.Equal([100, -7, 7], (await _gateway.Books.AwaitEntriesAsync(_account, 3)).Select(entry => entry.CreditsDelta));

        // In the Redis that has the record's place, and in one that has lost everything.
        var again = await Calls.ReserveAsync(Call("second", s_ticket), default);
        Assert.Equal(ReserveStatus.Reserved, again.Status);
        await Calls.ReleaseAsync(again.Hold!);
        await LoseRedisAsync(() => Directory.Delete(Files, recursive: true));
        Assert.Equal(ReserveStatus.Reserved, (await ServedAsync("third", s_ticket)).Status);
    }

    [Fact]
    public async Task Repeat_ByAKeyThatWasRevokedSince_IsRefusedAsAnyCallOfIt()
    {
        await ChargeAsync("first", 7);
        await _gateway.Books.AwaitEntriesAsync(_account, 2);
        await LoseRedisAsync(() => Directory.Delete(Files, recursive: true));
        await ServedAsync("opens the partition", null);
        Assert.Equal(HttpStatusCode.NoContent, (await _gateway.Client.AdminAsync(HttpMethod.Delete, $"admin/keys/{_key}")).Status);
        Assert.Equal(ReserveStatus.InvalidKey, (await ServedAsync("second", s_ticket)).Status);
    }

    [Fact]
    public async Task Repeat_WhileTheLedgerCantBeAsked_IsRefusedAndACallWithoutAKeyIsNot()
    {
        await ChargeAsync("first", 7);
        await _gateway.Books.AwaitEntriesAsync(_account, 2);
        await LoseRedisAsync(() => Directory.Delete(Files, recursive: true));
        Assert.Equal(ReserveStatus.Reserved, (await ServedAsync("loads the account", null)).Status);
        await using var books = new NpgsqlConnection(_gateway.Stores.PostgresConnection);
        await books.OpenAsync();
        await using (var locked = await books.BeginTransactionAsync())
        {
            await books.ExecuteAsync("lock table ledger_entries in access exclusive mode", transaction: locked);
            Assert.Equal(ReserveStatus.Unavailable, (await Calls.ReserveAsync(Call("second", s_ticket), default)).Status);
            Assert.Equal(ReserveStatus.Reserved, (await Calls.ReserveAsync(Call("third", null), default)).Status);
        }

        Assert.Equal(ReserveStatus.IdempotencyCharged, (await ServedAsync("fourth", s_ticket)).Status);
    }

    [Theory]
    [InlineData("23 hours", nameof(ReserveStatus.IdempotencyCharged))]
    [InlineData("26 hours", nameof(ReserveStatus.Reserved))]
    public async Task Ledger_IsAsked_ForADayAfterARecovery(string ago, string expected)
    {
        await ChargeAsync("first", 7);
        await _gateway.Books.AwaitEntriesAsync(_account, 2);
        await LoseRedisAsync(() => Directory.Delete(Files, recursive: true));
        await ServedAsync("opens the partition", null);

        // As a gateway that starts so long after the recovery finds it.
        await ScalarAsync<int>($"update partitions set epoch_began_at = now() - interval '{ago}' returning 1");
        await CloseAsync();
        Assert.Equal(expected, (await ServedAsync("second", s_ticket)).Status.ToString());
    }

    private string Files => Path.Combine(_gateway.Stores.Redis.DataDirectory, "appendonlydir");

    private Reservation Call(string id, IdempotencyTicket? ticket) =>
        new(id, _account, _key, 1, "search", 10, TimeSpan.FromSeconds(30), ticket);

    private async Task<Hold> ChargeAsync(string id, long price)
    {
        var hold = (await Calls.ReserveAsync(Call(id, s_ticket), default)).Hold!;
        Assert.Equal(CommitStatus.Committed, (await Calls.CommitAsync(hold, price, new EntryTail(id, "usage"))).Status);
        return hold;
    }

    private async Task LoseRedisAsync(Action meanwhile)
    {
        await _gateway.Stores.Redis.KillAsync();
        meanwhile();
        await _gateway.Stores.Redis.RestartAsync(CancellationToken.None);
    }

    /// <summary>The gateway looks at the partition anew, and adopts it as it is.</summary>
    private async Task CloseAsync()
    {
        var partitions = _gateway.Get<Partitions>();
        var partition = partitions.Map.Of(_account);
        partitions.Close(partition);
        partitions.RequestCheck();
        await Eventually.TrueAsync(() => Task.FromResult(partitions.Epoch(partition) != 0), () => "the partition is not served");
    }

    /// <summary>The first answer that is one.</summary>
    private async Task<ReserveReply> ServedAsync(string id, IdempotencyTicket? ticket)
    {
        ReserveReply reply = default;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    reply = await Calls.ReserveAsync(Call(id, ticket), default);
                }
                catch (StoreUnavailableException)
                {
                    // The partition is being recovered.
                }

                return reply.Status != ReserveStatus.Unavailable;
            },
            () => "no reserve is answered");
        return reply;
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var books = new NpgsqlConnection(_gateway.Stores.PostgresConnection);
        return (await books.ExecuteScalarAsync<T>(sql, new { account = _account }))!;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }
}
