using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Calls.Batching;

/// <summary>The two scripts of a batch: they differ in whether Redis refuses them under memory pressure.</summary>
internal static class BatchScripts
{
    /// <summary>With reserves, which make holds: refused.</summary>
    public static readonly RedisScript Calls = RedisScript.Load("calls-4");

    /// <summary>Without reserves: not refused, or memory would never be freed.</summary>
    public static readonly RedisScript Settle = RedisScript.Load("settle-4");
}
