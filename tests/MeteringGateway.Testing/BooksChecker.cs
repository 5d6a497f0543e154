using System.Text.Json;
using Dapper;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StackExchange.Redis;

namespace MeteringGateway.Testing;

/// <summary>
/// Reads the ledger after a fault, from outside: the chain of every account, Redis against PostgreSQL, and each call against its entry.
/// </summary>
public sealed class BooksChecker(Stores stores, int partitions)
{
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(40);

    /// <param name="fault">The line's name.</param>
    /// <param name="calls">All calls on these accounts.</param>
    /// <param name="credited">What was paid into each account.</param>
    /// <param name="providers">Which answered the calls.</param>
    /// <param name="sampler">Which watched.</param>
    /// <param name="mayBeUncollected">Could a hold expire under a call that was answered? As a rule an answer that costs nothing
    /// is a finding.</param>
    /// <param name="mayForget">Was Redis allowed to forget this charge? One that is gone counts apart then.</param>
    public async Task<BooksReport> CheckAsync(
        string fault, IReadOnlyList<ClientCall> calls, IReadOnlyDictionary<long, long> credited, IReadOnlyList<FakeProvider> providers,
        StoreSampler sampler, bool mayBeUncollected, Func<ClientCall, bool> mayForget)
    {
        var problems = new List<string>();
        await RestAsync(sampler, problems);
        await using (var fresh = new Books(stores.PostgresConnection + ";Pooling=false"))
        {
            // A pooled connection may be of the server that was killed.
            problems.AddRange(await fresh.ProblemsAsync());
        }

        var drift = await DriftAsync(problems);
        problems.AddRange(await new SpendChecker(stores, partitions).ProblemsAsync());

        await using var source = NpgsqlDataSource.Create(stores.PostgresConnection + ";Pooling=false");
        await using var books = await source.OpenConnectionAsync();
        var accounts = credited.Keys.ToArray();
        var entries = (await books.QueryAsync<(string Id, long Account, long Delta)>(
            "select entry_id, account_id, credits_delta from ledger_entries where account_id = any(@accounts)", new { accounts })).ToList();
        if (await books.ExecuteScalarAsync<long>("select count(*) from poison_entries") is > 0 and var poisoned)
        {
            problems.Add($"{poisoned} entries were set aside as poison");
        }

        var net = entries
            .GroupBy(entry => entry.Id.StartsWith("reversal:", StringComparison.Ordinal) ? entry.Id["reversal:".Length..] : entry.Id)
            .ToDictionary(group => group.Key, group => group.Sum(entry => entry.Delta));
        var ids = Ids(providers);
        var answered = providers.SelectMany(provider => provider.Answered).Select(request => request.Header("X-Request-Id")).ToHashSet();
        foreach (var unearned in net.Where(pair => pair.Value < 0 && !answered.Contains(pair.Key)))
        {
            problems.Add($"{unearned.Key} was charged {-unearned.Value}, and no provider has answered it whole");
        }

        int charged = 0, lost = 0, forgotten = 0, doubled = 0;
        var known = new HashSet<string>();
        foreach (var call in calls)
        {
            // A call has one request id; one without an answer has it from the provider's log.
            var mine = call.RequestId is { } id ? [id] : ids.GetValueOrDefault(call.Number) ?? [];
            known.UnionWith(mine);
            var moved = -mine.Sum(request => net.GetValueOrDefault(request));
            charged += moved > 0 ? 1 : 0;
            if (moved > call.Price)
            {
                doubled++;
                problems.Add($"call {call.Number} ({string.Join(",", mine)}) was charged {moved} for a price of {call.Price}");
            }
            else if (call.Succeeded && moved != call.Charged)
            {
                var isForgotten = moved == 0 && mayForget(call);
                forgotten += isForgotten ? 1 : 0;
                lost += isForgotten ? 0 : 1;
                problems.AddRange(isForgotten
                    ? []
                    : [$"call {call.Number} ({call.RequestId}) was answered {call.Charged} credits, the books have {moved}"]);
            }
            else if (!call.Succeeded && call.Status != 0 && moved != 0)
            {
                lost++;
                problems.Add($"call {call.Number} ({call.RequestId}) was answered {call.Status} {call.Code}, the books have {moved}");
            }
            else if (moved != 0 && moved != call.Price)
            {
                lost++;
                problems.Add($"call {call.Number} was charged {moved} for a price of {call.Price}");
            }
        }

        var money = entries
            .Where(entry => entry.Id.StartsWith("manual:", StringComparison.Ordinal)
                || entry.Id.StartsWith("order:", StringComparison.Ordinal))
            .GroupBy(entry => entry.Account)
            .ToDictionary(group => group.Key, group => group.Sum(entry => entry.Delta));
        foreach (var (account, credits) in credited.Where(pair => money.GetValueOrDefault(pair.Key) != pair.Value))
        {
            lost++;
            problems.Add($"account {account} was credited {credits}, the books have {money.GetValueOrDefault(account)}");
        }

        foreach (var stray in entries.Where(entry => entry.Delta < 0 && !known.Contains(entry.Id)))
        {
            doubled++;
            problems.Add($"the entry {stray.Id} over {stray.Delta} belongs to no call");
        }

        var uncollected = calls.Where(call => call.Succeeded && call.Charged != call.Price).ToList();
        problems.AddRange(mayBeUncollected
            ? []
            : uncollected.Select(
                call => $"call {call.Number} ({call.RequestId}) was answered whole for {call.Charged} credits, its price is {call.Price}"));
        problems.AddRange(
            uncollected.Where(call => call.Charged != 0).Select(call => $"call {call.Number} ({call.RequestId}) was charged in part"));

        problems.AddRange(sampler.Breaches);
        if (sampler.Judged == 0)
        {
            problems.Add("the sampler has seen nothing");
        }

        return new BooksReport(
            fault, calls.Count, charged, lost, forgotten, doubled, sampler.Breaches.Count, drift, uncollected.Count, problems);
    }

    /// <summary>At rest: no hold is left, the outbox is empty, no call, credit or order waits to be finished.</summary>
    private async Task RestAsync(StoreSampler sampler, List<string> problems)
    {
        await using var source = NpgsqlDataSource.Create(stores.PostgresConnection + ";Pooling=false");
        await using var redis = Redis();
        long? holds = null, waiting = null, unsettled = null;
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    (holds, waiting) = (await sampler.HoldsAsync(), 0);
                    for (var partition = 0; partition < partitions && waiting is not null; partition++)
                    {
                        var reply = await redis.ExecuteAsync("LLEN", (RedisKey)PartitionMap.Outbox(partition));
                        waiting = reply.Answered ? waiting + (long)reply.Result! : null;
                    }

                    await using var count = source.CreateCommand(
                        "select (select count(*) from unsettled_calls where outcome is null) + (select count(*) from manual_credits where "
                            + "status = 'pending') + (select count(*) from orders where status in ('pending', 'paid'))");
                    unsettled = (long)(await count.ExecuteScalarAsync())!;
                    return (holds, waiting, unsettled) == (0, 0, 0);
                },
                () => "", s_rest);
        }
        catch (TimeoutException)
        {
            problems.Add($"no rest after {s_rest.TotalSeconds} s: {holds} holds, {waiting} entries in the outbox, {unsettled} calls, "
                + "credits and orders unfinished");
        }
    }

    private async Task<long> DriftAsync(List<string> problems)
    {
        await using var source = NpgsqlDataSource.Create(stores.PostgresConnection + ";Pooling=false");
        await using var books = await source.OpenConnectionAsync();
        await using var redis = Redis();
        var balances = (await books.QueryAsync<(long Id, long Balance)>("select id, credit_balance from accounts")).ToDictionary(
            row => row.Id, row => row.Balance);
        var drift = 0L;
        foreach (var (account, booked) in balances)
        {
            var partition = new PartitionMap(partitions).Of(account);
            var epoch = await EpochAsync(redis, partition);
            string[]? known = null;
            await Eventually.TrueAsync(
                async () => (known = await StateFields.ReadAsync(
                    redis, PartitionMap.Account(partition, account), "ep", "balance")) is not null,
                () => "Redis does not answer");
            if (known![0].Length > 0 && known[0] == epoch && Number(known[1]) is var balance && balance != booked)
            {
                drift += Math.Abs(balance - booked);
                problems.Add($"account {account}: Redis is at {balance}, the books are at {booked}");
            }
        }

        return drift;
    }

    private static Dictionary<long, string[]> Ids(IReadOnlyList<FakeProvider> providers) => providers
        .SelectMany(provider => provider.Requests)
        .Where(request => request.Header("X-Request-Id") is not null && request.Text.Contains("\"number\":", StringComparison.Ordinal))
        .GroupBy(request => JsonSerializer.Deserialize<JsonElement>(request.Text).GetProperty("number").GetInt64())
        .ToDictionary(group => group.Key, group => group.Select(request => request.Header("X-Request-Id")!).Distinct().ToArray());

    /// <summary>The epoch that the partition is open under; empty: none.</summary>
    internal static async Task<string> EpochAsync(RedisConnection redis, int partition)
    {
        string[]? epoch = null;
        await Eventually.TrueAsync(
            async () => (epoch = await StateFields.ReadAsync(redis, PartitionMap.Meta(partition), "epoch")) is not null,
            () => "Redis does not answer");
        return epoch![0];
    }

    private static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A fresh connection may still have to learn of a failover.</summary>
    internal static async Task<RedisResult> AskAsync(RedisConnection redis, string command, params object[] arguments)
    {
        RedisReply reply = default;
        await Eventually.TrueAsync(
            async () => (reply = await redis.ExecuteAsync(command, arguments)).Answered, () => $"{command}: {reply.Reason}");
        return reply.Result!;
    }

    private RedisConnection Redis() => new(stores.RedisConnection, TimeProvider.System, NullLogger<RedisConnection>.Instance);
}
