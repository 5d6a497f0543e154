using System.Globalization;
using Dapper;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MeteringGateway.Testing;

/// <summary>
/// At rest, what each key has spent is the sum of its charges less their reversals, in every period of the ledger,
/// and in Redis where it knows the key, and is within the key's limit.
/// </summary>
public sealed class SpendChecker(Stores stores, int partitions)
{
    private const string Spent = """
        select k.id as "Key", k.account_id as Account, coalesce(-sum(e.credits_delta), 0)::bigint as Charged,
               k.limit_fixed as "Limit",
               (select string_agg(distinct total::text, ' ') from (select sum(spent) as total from key_spend s where s.key_id = k.id group by period) periods) as Counted
        from keys k left join ledger_entries e on e.key_id = k.id
        group by k.id, k.account_id, k.limit_fixed
        """;

    public async Task<IReadOnlyList<string>> ProblemsAsync()
    {
        await using var books = new NpgsqlConnection(stores.PostgresConnection + ";Pooling=false");
        await using var redis = new RedisConnection(stores.RedisConnection, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        var problems = new List<string>();
        foreach (var (key, account, charged, limit, counted)
            in await books.QueryAsync<(long Key, long Account, long Charged, long? Limit, string? Counted)>(Spent))
        {
            if (charged > limit)
            {
                problems.Add($"key {key} was charged {charged}, above its limit of {limit}");
            }

            if ((counted ?? "0") != charged.ToString(CultureInfo.InvariantCulture))
            {
                problems.Add($"key {key} was charged {charged}, the books count {counted} as spent");
            }

            var partition = new PartitionMap(partitions).Of(account);
            var epoch = await BooksChecker.EpochAsync(redis, partition);
            string[]? known = null;
            await Eventually.TrueAsync(
                async () => (known = await StateFields.ReadAsync(redis, PartitionMap.Key(partition, key), "ep", "sF", "hF")) is not null,
                () => "Redis does not answer");
            var (spent, held) = (known![1], known[2]);
            if (known[0].Length > 0 && known[0] == epoch && (spent != charged.ToString(CultureInfo.InvariantCulture) || held != "0"))
            {
                problems.Add($"key {key} was charged {charged}, Redis counts {spent} as spent and {held} as held");
            }
        }

        return problems;
    }
}
