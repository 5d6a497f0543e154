using MeteringGateway.Engine.Scripts;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeteringGateway.Tests.Engine;

/// <summary>What each error of Redis says of the script that met it: whether it may be sent again hangs on it.</summary>
public sealed class RefusedTests
{
    private const string Place = " script: c87e3e4e9ebbd8a9cb0dcba1f3a3ba8bd1b4d5a1, on @user_script:24.";

    [Theory]
    [InlineData("NOSCRIPT No matching script. Please use EVAL.")]
    [InlineData("MOVED 3999 127.0.0.1:6381")]
    [InlineData("ASK 3999 127.0.0.1:6381")]
    [InlineData("TRYAGAIN Multiple keys request during rehashing of slot")]
    [InlineData("CLUSTERDOWN The cluster is down")]
    [InlineData("CLUSTERDOWN Hash slot not served")]
    [InlineData("LOADING Redis is loading the dataset in memory")]
    [InlineData("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.")]
    [InlineData("BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.")]
    [InlineData("READONLY You can't write against a read only replica.")]
    [InlineData("READONLY You can't write against a read only replica." + Place)]
    [InlineData("NOREPLICAS Not enough good replicas to write.")]
    [InlineData("NOREPLICAS Not enough good replicas to write." + Place)]
    [InlineData("MISCONF Errors writing to the AOF file: No space left on device")]
    [InlineData("MISCONF Errors writing to the AOF file: No space left on device" + Place)]
    [InlineData("OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'")]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'." + Place)]
    [InlineData("WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("ERR the price is not a whole number above 0")]
    [InlineData("the hold is malformed")]
    public void Error_BeforeTheFirstWrite_IsNotExecuted(string message) =>
        Assert.Equal((ReplyOutcome.NotExecuted, false), Outcome(message));

    [Theory]
    [InlineData("WRONGTYPE Operation against a key holding the wrong kind of value" + Place)]
    [InlineData("ERR hash value is not an integer" + Place)]
    [InlineData("ERR user_script:24: attempt to compare nil with number" + Place)]
    [InlineData("ERR Script attempted to access a non local key in a cluster node" + Place)]
    [InlineData("ERR Error running script (call to f_c87e3e4e): @user_script:24: user_script:24: attempt to compare nil with number")]
    public void Error_InsideARunningScript_MayHaveLeftHalfOfIt(string message) =>
        Assert.Equal((ReplyOutcome.Unknown, true), Outcome(message));

    private static (ReplyOutcome, bool) Outcome(string message)
    {
        // Nothing is connected before the first call.
        var reply = new RedisConnection("127.0.0.1:1", TimeProvider.System, NullLogger<RedisConnection>.Instance).Refused(message);
        Assert.Equal(message, reply.Reason);
        return (reply.Outcome, reply.ScriptFailed);
    }
}
