using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Testing;

/// <summary>
/// An account, a key or the head of a partition in Redis, unpacked on its own, not by the product's code: each field by its name
/// (<c>ep</c>, <c>balance</c>, <c>held</c>; <c>epoch</c>, <c>gen</c>; limits as <c>l</c>, <c>w</c>, <c>s</c>, <c>h</c> with F, D, W or M
/// behind them).
/// </summary>
internal static class StateFields
{
    /// <summary>Lua: <c>fields(name)</c> is a table of texts, empty where Redis has no such state.</summary>
    public const string Lua = """
        local function fields(name)
          local names, all, packed = nil, {}, redis.pcall('GET', name)
          if type(packed) ~= 'string' or string.byte(packed) ~= 1 then return all end
          if string.find(name, '}:meta', 1, true) then
            names = {'epoch', 'gen', 'fence', 'entries', 'toff'}
          elseif string.find(name, '}:a:', 1, true) then
            names = {'ep', 'balance', 'held', 'active', 'ver', 'lM', 'wM', 'sM', 'hM'}
          else
            names = {'ep', 'active', 'sv', 'pu', 'exp', 'rate', 'rw', 'rn', 'ver'}
            for _, s in ipairs({'F', 'D', 'W', 'M'}) do
              for _, f in ipairs({'l', 'w', 's', 'h'}) do names[#names + 1] = f .. s end
            end
            all.surf = string.sub(packed, 2 + 8 * #names)
          end
          if #packed < 1 + 8 * #names then return {} end
          for i, name in ipairs(names) do all[name] = string.format('%.0f', (struct.unpack('<d', packed, 2 + 8 * (i - 1)))) end
          return all
        end

        """;

    private const string Adding = Lua + """
        local found = fields(KEYS[1])
        local packed, at = redis.call('GET', KEYS[1]), ARGV[1] == 'balance' and 10 or 18
        local sum = tonumber(found[ARGV[1]]) + tonumber(ARGV[2])
        redis.call('SETRANGE', KEYS[1], at - 1, struct.pack('<d', sum))
        return 1
        """;

    private const string Shift = """
        if redis.call('STRLEN', KEYS[1]) ~= 41 then redis.call('SET', KEYS[1], struct.pack('<Bddddd', 1, 0, 0, 0, 0, 0)) end
        redis.call('SETRANGE', KEYS[1], 33, struct.pack('<d', tonumber(ARGV[1])))
        return 1
        """;

    private const string Read = Lua + """
        local found, out = fields(KEYS[1]), {}
        for i, name in ipairs(ARGV) do out[i] = found[name] or '' end
        return out
        """;

    /// <summary>Adds to the field "balance" or "held" of an account, as no script would.</summary>
    public static Task<RedisReply> AddAsync(RedisConnection redis, string account, string field, long credits) =>
        redis.ExecuteAsync("EVAL", Adding, 1, (RedisKey)account, field, credits);

    /// <summary>Shifts the clock of a partition, as only tests do.</summary>
    public static Task<RedisReply> ShiftClockAsync(RedisConnection redis, int partition, long milliseconds) =>
        redis.ExecuteAsync("EVAL", Shift, 1, (RedisKey)PartitionMap.Meta(partition), milliseconds);

    /// <summary>The fields as text, each empty where Redis has no such state; null: Redis did not answer.</summary>
    public static async Task<string[]?> ReadAsync(RedisConnection redis, string name, params string[] fields)
    {
        var reply = await redis.ExecuteAsync("EVAL", [Read, 1, (RedisKey)name, .. fields]);
        return reply.Answered ? (string[])reply.Result! : null;
    }
}
