using MeteringGateway.Ledger.Entries;
using RedisScript = MeteringGateway.Engine.Scripts.RedisScript;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>Redis and the gateway number windows alike, on each day of the 400 years after which the calendar repeats itself.</summary>
public sealed class PeriodTableTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const int Days = 146_097;

    /// <summary>The windows of the first and the last millisecond of each day from 1970 on, which are the same or an error.</summary>
    private const string Table = """

        local all = {}
        for day = 0, tonumber(ARGV[1]) - 1 do
          local d, w, m = windows(day * 86400000)
          local d2, w2, m2 = windows(day * 86400000 + 86399999)
          if d ~= d2 or w ~= w2 or m ~= m2 then return redis.error_reply('day ' .. day .. ' is torn') end
          all[#all + 1] = string.format('%.0f %.0f %.0f', d, w, m)
        end
        return table.concat(all, '|')
        """;

    [Fact]
    public async Task Windows_OfEveryDayOf400Years_AreTheSameOnBothSides()
    {
        var reply = await redis.Connection.ExecuteAsync("EVAL", RedisScript.Resource("windows.lua") + Table, 0, Days);
        Assert.True(reply.Answered, reply.Reason);
        var table = ((string)reply.Result!).Split('|');
        Assert.Equal(Days, table.Length);
        for (var day = 0; day < Days; day++)
        {
            var first = DateTimeOffset.UnixEpoch.AddDays(day);
            foreach (var instant in new[] { first, first.AddDays(1).AddMilliseconds(-1) })
            {
                var windows = $"{Period.Daily.WindowOf(instant)} {Period.Weekly.WindowOf(instant)} {Period.Monthly.WindowOf(instant)}";
                Assert.True(windows == table[day], $"{instant:O}: {windows} here, {table[day]} in Lua");
            }

            // A window ends where the next one begins, and no day before.
            foreach (var period in Period.All.Skip(1))
            {
                var (window, end) = (period.WindowOf(first), period.End(first)!.Value);
                var (last, next) = (period.WindowOf(end.AddMilliseconds(-1)), period.WindowOf(end));
                Assert.True((last, next, end > first) == (window, window + 1, true), $"{period} {window} of {first:O} ends {end:O}");
            }
        }
    }
}
