using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Calls;

/// <summary>What commit-6.lua answers.</summary>
internal readonly record struct CommitAnswer(CommitStatus Status, BalanceSnapshot Snapshot) : IScriptAnswer<CommitAnswer>
{
    public static readonly GuardedScript<CommitAnswer> Script = new("commit-6");

    public static int Length => BalanceSnapshot.Length;

    public static CommitAnswer Of(long[] values) => new((CommitStatus)values[0], new BalanceSnapshot(values));
}
