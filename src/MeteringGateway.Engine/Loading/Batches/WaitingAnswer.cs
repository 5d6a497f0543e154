using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Loading.Batches;

internal enum WaitingStatus
{
    /// <summary>The accounts are all that have an entry in the outbox.</summary>
    Whole = 1,

    /// <summary>The accounts are those with an entry that was appended since the last look.</summary>
    Newer = 2,

    /// <summary>Any account may have one.</summary>
    Unread = 3,
}

/// <summary>What waiting-2.lua answers of one partition.</summary>
/// <param name="Status">What the accounts are.</param>
/// <param name="NewestEntry">The outbox's last entry; empty where there is none, or where it was not read.</param>
/// <param name="Accounts">Their ids as they stand in the entries.</param>
internal readonly record struct WaitingAnswer(WaitingStatus Status, string NewestEntry, string[] Accounts) : IScriptAnswer<WaitingAnswer>
{
    public static readonly GuardedScript<WaitingAnswer> Script = new("waiting-2");

    public static int Length => 2;

    public static bool HasTexts => true;

    public static WaitingAnswer Of(long[] values) => Of(values, []);

    public static WaitingAnswer Of(long[] values, string[] texts) =>
        texts is [var newest, .. var accounts]
            ? new WaitingAnswer((WaitingStatus)values[0], newest, accounts)
            : new WaitingAnswer(WaitingStatus.Unread, "", []);
}
