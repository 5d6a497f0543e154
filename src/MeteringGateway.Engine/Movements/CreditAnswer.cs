using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Movements;

/// <summary>What credit-4.lua and reverse-6.lua answer: code, write sequence, now, the balance then, and how much is held.</summary>
internal readonly record struct CreditAnswer(CreditStatus Status, long Balance, long Held) : IScriptAnswer<CreditAnswer>
{
    public static readonly GuardedScript<CreditAnswer> Credit = new("credit-4");

    public static readonly GuardedScript<CreditAnswer> Reverse = new("reverse-6");

    public static int Length => 5;

    public static CreditAnswer Of(long[] values) => new((CreditStatus)values[0], values[3], values[4]);
}
