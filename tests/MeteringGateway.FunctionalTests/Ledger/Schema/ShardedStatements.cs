using System.Text.RegularExpressions;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Ledger.Schema;

/// <summary>
/// The product's schema with the tables of accounts cut up by account, as PostgreSQL's own hash partitions, and every statement of the
/// product planned on it. Partitions have the rules of shards: a unique key must contain the account, and a statement whose account is
/// known is planned for one of them alone.
/// </summary>
internal sealed partial class ShardedStatements(NpgsqlConnection database)
{
    private const int Shards = 4;

    /// <summary>The column that says whose a row is.</summary>
    private static readonly Dictionary<string, string> s_tables = new[]
    {
        "account_spend", "account_usage_daily", "auto_recharge", "check_ins", "coupon_redemptions", "debts", "keys", "ledger_entries",
        "manual_credits", "notice_queue", "notices", "orders", "payment_customers", "payment_methods", "refused_calls",
        "reversal_movements", "rewards",
        "subscriptions", "unsettled_calls", "usage_daily", "usage_hourly", "usage_progress", "refusals_hourly", "webhooks",
    }.ToDictionary(table => table, _ => "account_id").Append(KeyValuePair.Create("accounts", "id")).ToDictionary();

    /// <summary>Of parameters whose type the statement leaves to its caller.</summary>
    private static readonly Dictionary<string, string> s_types = new()
    {
        ["has_usage"] = "boolean",
        ["any_type"] = "boolean",
        ["other_debits"] = "boolean",
        ["other_credits"] = "boolean",
        ["budgetChanged"] = "boolean",
        ["markChanged"] = "boolean",
        ["debits"] = "text[]",
        ["credits"] = "text[]",
        ["known"] = "text[]",
        ["raws"] = "text[]",
        ["reasons"] = "text[]",
        ["partitions"] = "integer[]",
        ["gens"] = "bigint[]",
        ["from"] = "timestamptz",
        ["to"] = "timestamptz",
        ["since"] = "timestamptz",
        ["most"] = "bigint",
        ["now"] = "timestamptz",
        ["age"] = "interval",
        ["entry_id"] = "text",
        ["surface"] = "text",
        ["key_id"] = "bigint",
        ["limit"] = "bigint",
        ["offset"] = "bigint",
        ["first"] = "bigint",
        ["end"] = "bigint",
        ["AccountId"] = "bigint",
        ["PersonId"] = "bigint",
    };

    private static readonly Dictionary<string, string> s_values = new()
    {
        ["bigint"] = "1",
        ["integer"] = "1",
        ["smallint"] = "1",
        ["text"] = "'00'",
        ["boolean"] = "true",
        ["timestamp with time zone"] = "'2026-01-01'",
        ["date"] = "'2026-01-01'",
        ["interval"] = "'1 s'",
        ["jsonb"] = "'{}'",
        ["bytea"] = "'\\x00'",
    };

    /// <summary>Answers the unique keys that no longer can be, as <c>table (columns)</c>.</summary>
    public async Task<IReadOnlyList<string>> ShardAsync()
    {
        var lost = new List<string>();
        foreach (var (table, column) in s_tables)
        {
            var keys = await ReadAsync(
                $"select pg_get_indexdef(indexrelid) from pg_index where indisunique and indrelid = '{table}'::regclass");
            await RunAsync(
                $"alter table {table} rename to whole; "
                    + $"create table {table} (like whole including defaults including identity) partition by hash ({column}); "
                    + string.Concat(Enumerable.Range(0, Shards).Select(
                        i => $"create table {table}_s{i} partition of {table} for values with (modulus {Shards}, remainder {i}); "))
                    + "drop table whole cascade");
            foreach (var key in keys)
            {
                try
                {
                    await RunAsync(Named().Replace(key, "INDEX ON "));
                }
                catch (PostgresException without) when (without.SqlState == PostgresErrorCodes.FeatureNotSupported)
                {
                    lost.Add($"{table} {key[key.IndexOf("USING btree ", StringComparison.Ordinal)..]["USING btree ".Length..]}");
                }
            }
        }

        await RunAsync("set plan_cache_mode = force_custom_plan");
        return lost;
    }

    /// <summary>Whether every part of the text is planned for one shard, or for none.</summary>
    public async Task<bool> StaysInOneShardAsync(string text)
    {
        foreach (var part in Remark().Replace(text, "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Statement().IsMatch(part) && !await IsPlannedForOneAsync(part))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// What can't be planned without the types of a batch's lists, or has lost the key of its conflict, is none for one shard.
    /// </summary>
    private async Task<bool> IsPlannedForOneAsync(string statement)
    {
        var names = Parameter().Matches(statement).Select(match => match.Groups[1].Value).Distinct().ToList();
        var numbered = Parameter().Replace(statement, match => $"${names.IndexOf(match.Groups[1].Value) + 1}");
        try
        {
            await PrepareAsync(names, numbered);
            var taken = await ReadAsync(
                "select t::text from pg_prepared_statements, unnest(parameter_types) with ordinality as u (t, i) where name = 'one' "
                    + "order by i");
            var values = taken.Select(type => type.EndsWith("[]", StringComparison.Ordinal)
                ? $"array[{s_values.GetValueOrDefault(type[..^2], "null")}]::{type}"
                : $"{s_values.GetValueOrDefault(type, "null")}::{type}");
            var plan = string.Concat(await ReadAsync(
                $"explain (format json) execute one {(names.Count == 0 ? "" : $"({string.Join(", ", values)})")}"));
            return Shard().Matches(plan).Select(match => match.Groups[1].Value).Distinct().Count() <= 1;
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InvalidColumnReference
            or PostgresErrorCodes.AmbiguousFunction)
        {
            return false;
        }
        finally
        {
            await RunAsync("deallocate all");
        }
    }

    /// <summary>With the types that the statement tells; where it tells too few, with those of the callers.</summary>
    private async Task PrepareAsync(List<string> names, string statement)
    {
        var types = names.Count == 0 ? "" : $"({string.Join(", ", names.Select(name => s_types.GetValueOrDefault(name, "unknown")))})";
        try
        {
            await RunAsync($"prepare one as {statement}");
        }
        catch (PostgresException) when (names.Count > 0)
        {
            await RunAsync($"prepare one {types} as {statement}");
        }
    }

    private async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, database);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<string>> ReadAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, database);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    [GeneratedRegex("--.*")]
    private static partial Regex Remark();

    [GeneratedRegex(@"^(select|insert|update|delete|with)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Statement();

    [GeneratedRegex(@"(?<![\w@])@(\w+)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"INDEX \w+ ON ")]
    private static partial Regex Named();

    [GeneratedRegex("\"Relation Name\": \"\\w+_s([0-9])\"")]
    private static partial Regex Shard();
}
