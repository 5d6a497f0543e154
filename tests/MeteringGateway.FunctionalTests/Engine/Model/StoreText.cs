using System.Globalization;
using MeteringGateway.Testing;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>Everything a partition holds, in Redis and in the model, as lines that are equal when both agree.</summary>
internal static class StoreText
{
    /// <summary>One look at every key of a partition: name, type, milliseconds to live, contents.</summary>
    private const string Look = StateFields.Lua + """
        local all = {}
        for _, k in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
          local t, v = redis.call('TYPE', k).ok, {}
          local state = fields(k)
          if next(state) then
            t = 'hash'
            for name, value in pairs(state) do
              v[#v + 1] = name
              v[#v + 1] = value
            end
          elseif t == 'hash' then v = redis.call('HGETALL', k) elseif t == 'list' then v = redis.call('LRANGE', k, 0, -1)
          elseif t == 'zset' then v = redis.call('ZRANGE', k, 0, -1) else v = {redis.call('GET', k)} end
          all[#all + 1] = {k, t, redis.call('PTTL', k), v}
        end
        return all
        """;

    private const string Wipe = "for _, k in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do redis.call('DEL', k) end return 1";

    public static Task WipeAsync(ScriptPartition store) => store.Redis.ExecuteAsync("EVAL", Wipe, 0, Prefix(store));

    /// <summary>Everything, as it is, whatever its type: two of them are equal when nothing was written in between.</summary>
    public static async Task<string> WholeAsync(ScriptPartition store)
    {
        var lines = new List<string>();
        foreach (var found in (RedisResult[])(await store.Redis.ExecuteAsync("EVAL", Look, 0, Prefix(store))).Result!)
        {
            var parts = (RedisResult[])found!;
            var (type, values) = ((string)parts[1]!, (string[])parts[3]!);
            var contents = type == "hash"
                ? values.Chunk(2).Select(pair => $"{pair[0]}={pair[1]}").Order(StringComparer.Ordinal)
                : values.AsEnumerable();
            lines.Add($"{(string)parts[0]!} {type}{((long)parts[2] >= 0 ? " expires" : "")}: {string.Join(' ', contents)}");
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    /// <summary>An account or a key of an epoch before is nobody's: what is left of it does not count.</summary>
    public static async Task<List<string>> OfStoreAsync(ScriptPartition store, long epoch)
    {
        var lines = new List<string>();
        foreach (var found in (RedisResult[])(await store.Redis.ExecuteAsync("EVAL", Look, 0, Prefix(store))).Result!)
        {
            var parts = (RedisResult[])found!;
            var (name, type, life, values) = (
                ((string)parts[0]!)[Prefix(store).Length..], (string)parts[1]!, (long)parts[2], (string[])parts[3]!);
            var expires = life >= 0 ? " expires" : "";
            var fields = type == "hash"
                ? values.Chunk(2).Select(pair => (Name: pair[0], Value: pair[1]))
                    .Where(field => field.Name is not ("toff" or "entries")).ToList()
                : [];
            if ((name[0] is 'a' or 'k') && !fields.Contains(("ep", epoch.ToString(CultureInfo.InvariantCulture))))
            {
                continue;
            }

            lines.AddRange(name switch
            {
                "outbox" => values.Select((text, i) => $"outbox {i}: {text}{expires}"),
                "holds" => fields.Select(field => $"hold {field.Name}: {field.Value}{expires}"),
                "meta" => fields.Where(field => field.Value != "0").Select(field => $"meta {field.Name}={field.Value}{expires}"),
                _ when type == "hash" => fields.Select(field => $"{name} {field.Name}={field.Value}{expires}"),
                _ => [$"{name}={values[0]}{expires}"],
            });
        }

        return lines;
    }

    public static List<string> OfModel(CreditModel model)
    {
        var lines = new List<string>();
        if (model.Gen is { } gen)
        {
            lines.Add(model.IsFenced ? $"meta fence={model.Epoch}" : $"meta epoch={model.Epoch}");
            lines.AddRange(gen > 0 ? [$"meta gen={gen}"] : []);
        }

        foreach (var account in model.Accounts.Values.Where(model.IsLoaded))
        {
            var (row, budget) = (account.Known!, model.Budget(account, account.StartedMonth));
            Add(
                $"a:{account.Id}", $"ep={account.LoadedUnder}", $"balance={model.Balance(account.Id)}", $"held={model.Held(account.Id)}",
                $"active={Active(row.Status)}", $"ver={row.Version}");
            Add($"a:{account.Id}", Fields("M", budget));
        }

        foreach (var key in model.Keys.Values.Where(model.IsLoaded))
        {
            var row = key.Known!;
            Add(
                $"k:{key.Id}", $"ep={key.LoadedUnder}", $"ver={row.Version}", $"active={Active(row.Status)}", $"sv={row.SecretVersion}",
                $"pu={row.PreviousUntil}", $"exp={row.Expires}", $"surf={row.PackedSurfaces}", $"rate={row.Rate}");
            Add($"k:{key.Id}", [.. model.Scopes(key, key.Started).Zip(["F", "D", "W", "M"], (scope, suffix) => Fields(suffix, scope))
                .SelectMany(fields => fields)]);
            var (minute, calls) = key.Counted ?? (0, 0);
            Add($"k:{key.Id}", $"rw={minute}", $"rn={calls}");
        }

        lines.AddRange(model.Holds.Values.Select(hold => $"hold {hold.Id}: {hold}"));
        lines.AddRange(model.Outbox.Select((entry, i) => $"outbox {i}: {entry}"));
        lines.AddRange(model.Markers.Select(marker => $"c:{marker.Key}={marker.Value.Value}{(marker.Value.Expires ? " expires" : "")}"));
        return lines;

        void Add(string name, params string[] fields) => lines.AddRange(fields.Select(field => $"{name} {field}"));
    }

    private static int Active(string status) => status == "active" ? 1 : 0;

    private static string[] Fields(string suffix, ModelScope scope) =>
        [$"l{suffix}={scope.Limit}", $"w{suffix}={scope.Window}", $"s{suffix}={scope.Spent}", $"h{suffix}={scope.Held}"];

    private static string Prefix(ScriptPartition store) => string.Create(CultureInfo.InvariantCulture, $"{{p{store.Number}}}:");
}
