using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Tests.LoadTests;

public sealed class RedisInfoTests
{
    private const string Info =
        "# Memory\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\n\r\n# Stats\r\ntotal_commands_processed:900\r\n"
        + "total_reads_processed:120\r\n\r\n# Commandstats\r\ncmdstat_evalsha:calls=60,usec=175,usec_per_call=2.9,rejected_calls=0\r\n"
        + "cmdstat_fcall:calls=4,usec=1\r\ncmdstat_hset:calls=500,usec=1\r\n";

    [Fact]
    public void Parse_Info_CountsScriptsOfAllKinds() => Assert.Equal(new RedisInfo(900, 64, 120, 1_048_576), RedisInfo.Parse(Info));

    [Fact]
    public void Difference_OfTwo_IsWhatHappenedBetween() =>
        Assert.Equal(new RedisInfo(0, 0, 0, 0), RedisInfo.Parse(Info) - RedisInfo.Parse(Info));

    [Fact]
    public void Parse_OfARedisThatHasDoneNothing_IsZero() => Assert.Equal(new RedisInfo(0, 0, 0, 0), RedisInfo.Parse("# Stats\r\n"));

    [Fact]
    public void MonitorLines_OfAScript_AreToldFromThoseOfClients()
    {
        var lines = new MonitorLines();
        lines.Count("""1339518083.107412 [0 127.0.0.1:60866] "EVALSHA" "abc" "1" "{p1}:a:1" """);
        lines.Count("""1339518083.107413 [0 lua] "HGET" "{p1}:a:1" "x [0 127.0.0.1:1] y" """);
        lines.Count("""1339518083.107414 [0 lua] "HSET" "{p1}:a:1" "a" "b" """);
        lines.Count("""1339518083.107415 [0 unix:/tmp/redis.sock] "LLEN" "{p1}:outbox" """);
        lines.Count("OK");

        Assert.Equal((2, 2, 0.5), (lines.FromOutside, lines.InScripts, lines.ShareFromOutside));
    }
}
