using System.Globalization;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Testing;

/// <summary>
/// One atomic look at a partition: what must hold at every instant. Nothing negative, holds within the balance, held the sum of the holds,
/// of each account and of each key in each of its windows, spent and held within every limit, the balance that of the account's last entry
/// in the outbox, and nothing of it expires.
/// </summary>
/// <param name="Overdue">How long ago the oldest hold's deadline was.</param>
/// <param name="Breaches">What does not hold; empty as a rule.</param>
/// <param name="RunId">The process that answered.</param>
internal sealed record StoreLook(TimeSpan Overdue, long Holds, string Breaches, long Epoch, long WriteSequence, string RunId)
{
    private const string Script = StateFields.Lua + """
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000) + tonumber(fields(KEYS[1]).toff or '0')
        local held, of_keys, overdue, out = {}, {}, 0, {}
        local holds = redis.call('HVALS', KEYS[2])
        for _, packed in ipairs(holds) do
          local account, key, amount, day, week, month, deadline = string.match(packed, '^(%d+)|(%d+)|(%d+)|(%d+)|(%d+)|(%d+)|(%d+)$')
          held[account] = (held[account] or 0) + tonumber(amount)
          for s, window in pairs({F = '0', D = day, W = week, M = month}) do
            local counted = key .. s .. window
            of_keys[counted] = (of_keys[counted] or 0) + tonumber(amount)
          end
          overdue = math.max(overdue, now - tonumber(deadline))
        end
        local meta, last = fields(KEYS[1]), {}
        local epoch = meta.epoch ~= '0' and meta.epoch or nil
        for _, packed in ipairs(redis.call('LRANGE', KEYS[3], 0, -1)) do
          local of, account, balance = string.match(packed, '^%d+|(%d+)|(%d+)|%d*|%-?%d+|(%-?%d+)|')
          if of == epoch then last[account] = balance end
        end
        for _, name in ipairs({KEYS[1], KEYS[2], KEYS[3]}) do
          if redis.call('PTTL', name) >= 0 then out[#out + 1] = name .. ' would expire' end
        end
        local function known(kind)
          local names = {}
          for _, name in ipairs(redis.call('KEYS', ARGV[1] .. kind .. ':*')) do
            if epoch and fields(name).ep == epoch then names[#names + 1] = name end
            if redis.call('PTTL', name) >= 0 then out[#out + 1] = name .. ' would expire' end
          end
          return names
        end
        for _, name in ipairs(known('a')) do
          local id = string.match(name, ':a:(%d+)$')
          local f = fields(name)
          local a = {f.balance, f.held}
          local balance, h = tonumber(a[1]), tonumber(a[2])
          if balance < 0 or h < 0 or balance < h then out[#out + 1] = 'account ' .. id .. ': balance ' .. a[1] .. ', held ' .. a[2] end
          if last[id] and last[id] ~= a[1] then out[#out + 1] = 'account ' .. id .. ': balance ' .. a[1] .. ', its last entry says ' .. last[id] end
          if h ~= (held[id] or 0) then out[#out + 1] = 'account ' .. id .. ': held ' .. a[2] .. ', its holds ' .. (held[id] or 0) end
        end
        for _, name in ipairs(known('k')) do
          local id = string.match(name, ':k:(%d+)$')
          local f = fields(name)
          for _, s in ipairs({'F', 'D', 'W', 'M'}) do
            local l = {f['l' .. s], f['s' .. s], f['h' .. s], f['w' .. s]}
            local sum = of_keys[id .. s .. (l[4] or '0')] or 0
            if tonumber(l[3]) ~= sum then out[#out + 1] = name .. ' ' .. s .. ': held ' .. l[3] .. ', its holds ' .. sum end
            if tonumber(l[2]) < 0 or tonumber(l[3]) < 0 or (tonumber(l[1]) >= 0 and l[2] + l[3] > tonumber(l[1])) then
              out[#out + 1] = name .. ' ' .. s .. ': limit ' .. l[1] .. ', spent ' .. l[2] .. ', held ' .. l[3]
            end
          end
        end
        return {tostring(math.floor(overdue)), tostring(#holds), table.concat(out, '; '), epoch or '0', meta.gen or '0',
          string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')}
        """;

    /// <summary>Null: Redis did not answer.</summary>
    public static async Task<StoreLook?> AtAsync(RedisConnection redis, int partition)
    {
        var reply = await redis.ExecuteAsync(
            "EVAL", Script, 3, (RedisKey)PartitionMap.Meta(partition), (RedisKey)PartitionMap.Holds(partition),
            (RedisKey)PartitionMap.Outbox(partition), $"{{p{partition}}}:");
        if (!reply.Answered)
        {
            return null;
        }

        var seen = (string[])reply.Result!;
        return new StoreLook(
            TimeSpan.FromMilliseconds(Number(seen[0])), Number(seen[1]), seen[2], Number(seen[3]), Number(seen[4]), seen[5]);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
