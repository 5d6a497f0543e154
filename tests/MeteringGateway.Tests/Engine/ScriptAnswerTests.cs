using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Loading.Batches;
using MeteringGateway.Engine.Movements;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;
using RedisScript = MeteringGateway.Engine.Scripts.RedisScript;

namespace MeteringGateway.Tests.Engine;

/// <summary>An answer is read in one place, and one that is none of the script's own is refused there.</summary>
public sealed class ScriptAnswerTests
{
    [Fact]
    public void Answer_OfALoad_SaysWhatBecameOfItAndTheWriteSequence()
    {
        var reply = LoadAnswer.Script.Read(Of(3, 17), out var writeSequence);
        Assert.Equal((ScriptOutcome.Answered, LoadStatus.OtherFormat, 17), (reply.Outcome, reply.Answer.Status, writeSequence));
    }

    [Fact]
    public void Answer_WithTexts_HasThemBehindItsNumbers()
    {
        var (outcome, answer) = WaitingAnswer.Script.Read(Of([2, 17], "entry", "11", "12"), out var writeSequence);
        Assert.Equal(
            (ScriptOutcome.Answered, WaitingStatus.Newer, "entry", 17), (outcome, answer.Status, answer.NewestEntry, writeSequence));
        Assert.Equal(["11", "12"], answer.Accounts);
        Assert.Equal(ScriptOutcome.Fenced, WaitingAnswer.Script.Read(Of(-1, 17), out _).Outcome);
        Assert.Throws<UnreadableAnswerException>(() => WaitingAnswer.Script.Read(Of(2, 17), out _));
        Assert.Throws<UnreadableAnswerException>(() => WaitingAnswer.Script.Read(Of([-1, 17], "entry"), out _));
        Assert.Throws<UnreadableAnswerException>(() => LoadAnswer.Script.Read(Of([1, 17], "entry"), out _));
    }

    [Fact]
    public void Answer_OfAPartitionInWhichTheScriptFailed_IsItsReason()
    {
        var failed = RedisResult.Create([RedisResult.Create((RedisValue)(-3)), RedisResult.Create((RedisValue)0),
            RedisResult.Create((RedisValue)"WRONGTYPE")]);
        Assert.Equal("WRONGTYPE", LoadAnswer.Script.Failure(failed));
        Assert.Null(LoadAnswer.Script.Failure(Of(1, 17)));
        Assert.Null(CreditAnswer.Credit.Failure(failed));
        Assert.Throws<UnreadableAnswerException>(() => LoadAnswer.Script.Read(Of(-3, 0), out _));
    }

    [Fact]
    public void Answer_OfTheGuard_SaysNothingElse()
    {
        Assert.Equal(new ScriptReply<CreditAnswer>(ScriptOutcome.Fenced, default), CreditAnswer.Credit.Read(Of(-1, 4), out _));
        Assert.Equal(new ScriptReply<CreditAnswer>(ScriptOutcome.NotLoaded, default), CreditAnswer.Credit.Read(Of(-2, 4), out _));
    }

    [Fact]
    public void Answer_OfAnInspection_HasEachNumberInItsPlace()
    {
        long[] values =
            [12, 5, 1_795_000_000_000, 100, 30, 20_778, 2_968, 24_322, -1, 0, 0, 50, 40, 10, -1, 41, 11, 70, 42, 12, 80, 43, 13];
        var (status, snapshot) = InspectAnswer.Script.Read(Of(values), out _).Answer.Inspection;
        Assert.Equal(
            (InspectionStatus.SurfaceNotAllowed, 100, 30, new SpendWindows(20_778, 2_968, 24_322)),
            (status, snapshot.Balance, snapshot.Held, snapshot.Windows));
        Assert.Equal(
            [(null, 0, 0), (50, 40, 10), (null, 41, 11), (70, 42, 12)], Period.All.Select(period => Counted(snapshot.LimitOf(period))));
        Assert.Equal((80L, 43L, 13L), Counted(snapshot.AccountBudget));
        Assert.Equal(("RECURRING", "MONTHLY"), (snapshot.AccountBudget.Type, snapshot.AccountBudget.Period));

        static (long? Limit, long Spent, long Held) Counted(LimitState limit) => (limit.Limit, limit.Spent, limit.Held);
    }

    [Theory]
    [InlineData(new long[] { 4, 17 }, "load-3", "answer 4 with 2 numbers")]
    [InlineData(new long[] { 0, 17 }, "load-3", "answer 0 with 2 numbers")]
    [InlineData(new long[] { 1 }, "load-3", "answer 1 with 1 numbers")]
    [InlineData(new long[] { 1, 17, 5 }, "load-3", "answer 1 with 3 numbers")]
    [InlineData(new long[] { -1, 17, 5 }, "load-3", "answer -1 with 3 numbers")]
    [InlineData(new long[] { }, "load-3", "answer 0 with 0 numbers")]
    public void Answer_OfAnUnknownCodeOrLength_IsRefusedByName(long[] values, string script, string what)
    {
        var refused = Assert.Throws<UnreadableAnswerException>(() => LoadAnswer.Script.Read(Of(values), out _));
        Assert.Contains(script, refused.Message, StringComparison.Ordinal);
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_ThatIsText_IsRefused() =>
        Assert.Throws<UnreadableAnswerException>(() => LoadAnswer.Script.Read(RedisResult.Create(new RedisValue[] { "one", 2 }), out _));

    [Fact]
    public void Answer_OfAReversal_CanBeNoRefusal() =>
        Assert.Throws<UnreadableAnswerException>(() => CreditAnswer.Reverse.Read(Of(3, 1, 1, 1, 1), out _));

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Answer_OfAFence_IsDoneOrOutrun(long code, bool isDone) =>
        Assert.Equal(isDone, RedisScript.Load("fence-1").IsDone(RedisResult.Create((RedisValue)code)));

    [Fact]
    public void Answer_OfAFence_IsNothingElse()
    {
        Assert.Throws<UnreadableAnswerException>(() => RedisScript.Load("fence-1").IsDone(RedisResult.Create((RedisValue)3)));
        Assert.Throws<UnreadableAnswerException>(() => RedisScript.Load("fence-1").IsDone(Of(1)));
    }

    [Fact]
    public void Answer_OfALookAtThePartition_IsWhoItWas()
    {
        Assert.Equal(new IdentifyAnswer(6, 40, "abc"), IdentifyAnswer.Of(RedisResult.Create(new RedisValue[] { 1, "6", "40", "abc" })));
        Assert.True(IdentifyAnswer.Of(RedisResult.Create(new RedisValue[] { 2, "6", "40", "abc" })).IsOfAnotherFormat);
        Assert.Throws<UnreadableAnswerException>(() => IdentifyAnswer.Of(RedisResult.Create(new RedisValue[] { 3, "6", "40", "abc" })));
        Assert.Throws<UnreadableAnswerException>(() => IdentifyAnswer.Of(RedisResult.Create(new RedisValue[] { 1, "6", "40" })));
        Assert.Throws<UnreadableAnswerException>(() => IdentifyAnswer.Of(RedisResult.Create(new RedisValue[] { 1, "six", "40", "abc" })));
    }

    [Fact]
    public void Limits_OfEveryPeriod_HaveTheirRefusal() => Assert.Equal(
        [ReserveStatus.FixedLimit, ReserveStatus.DailyLimit, ReserveStatus.WeeklyLimit, ReserveStatus.MonthlyLimit],
        Period.All.Select(LimitStatus.Of));

    private static RedisResult Of(long[] values, params string[] texts) => RedisResult.Create([
        .. values.Select(value => RedisResult.Create((RedisValue)value, ResultType.Integer)),
        RedisResult.Create(Array.ConvertAll(texts, text => (RedisValue)text)),
    ]);

    private static RedisResult Of(params long[] values) => RedisResult.Create(Array.ConvertAll(values, value => (RedisValue)value));
}
