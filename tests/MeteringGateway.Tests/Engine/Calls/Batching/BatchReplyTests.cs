using System.Buffers.Binary;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Tests.Engine.Calls.Batching;

/// <summary>A batch's answer is read in one place, and one that is not an answer to these very operations is refused there.</summary>
public sealed class BatchReplyTests
{
    private static readonly double[] s_snapshot = [90, 10, 20_778, 2_968, 24_322, -1, 1, 2, 50, 3, 4, -1, 5, 6, 70, 7, 8, 80, 9, 10];

    [Fact]
    public void Answers_OfTwoPartitions_AreThoseOfTheirOperations()
    {
        var (partitions, answers) = Read(
            [Reserve(1), Release(1), Extend(1), Commit(2), Release(3)],
            [1, 41, 5_000, 1, .. s_snapshot, 2, 1, 99_000, 1, 7, 6_000, -2, -1, 3, 0]);
        Assert.Equal(
            [new PartitionReply(1, 6, 1, 41), new PartitionReply(2, 6, 1, 7), new PartitionReply(3, 6, -1, 3)], partitions);
        Assert.Equal(
            [
                (ScriptOutcome.Answered, 1), (ScriptOutcome.Answered, 2), (ScriptOutcome.Answered, 1), (ScriptOutcome.NotLoaded, 0),
                (ScriptOutcome.Fenced, 0),
            ],
            answers.Select(answer => (answer.Outcome, answer.Code)));
        var snapshot = answers[0].Snapshot;
        Assert.Equal(
            (5_000L, 90L, 10L, new SpendWindows(20_778, 2_968, 24_322)),
            (snapshot.Now.ToUnixTimeMilliseconds(), snapshot.Balance, snapshot.Held, snapshot.Windows));
        var daily = snapshot.LimitOf(Period.Daily);
        Assert.Equal((50L, 3L, 4L), (daily.Limit, daily.Spent, daily.Held));
        Assert.Equal((80L, 9L, 10L), (snapshot.AccountBudget.Limit, snapshot.AccountBudget.Spent, snapshot.AccountBudget.Held));
        Assert.Equal(99_000, answers[2].Deadline);
    }

    [Fact]
    public void Records_ComeWithTheReservesThatTheyRefuse()
    {
        var (_, answers) = Read(
            [Reserve(1), Reserve(1), Reserve(1)],
            [1, 1, 1, 31, .. s_snapshot, 1, .. s_snapshot, 30, .. s_snapshot], "c|print|first|7", "h|print|second|second");
        Assert.Equal(["c|print|first|7", null, "h|print|second|second"], answers.Select(answer => answer.Record));
    }

    [Theory]
    [InlineData(new double[] { 1, 41, 5_000 }, "too short")]
    [InlineData(new double[] { 1, 41, 5_000, 2, 5 }, "too long")]
    [InlineData(new double[] { 1, 41, 5_000, 9 }, "a code that release does not have")]
    [InlineData(new double[] { 4, 41, 5_000, 1 }, "a code that no partition has")]
    [InlineData(new double[] { }, "nothing")]
    public void Answer_ToOtherOperations_IsRefused(double[] numbers, string what)
    {
        Assert.NotEmpty(what);
        Assert.Throws<UnreadableAnswerException>(() => Read([Release(1)], numbers));
    }

    [Fact]
    public void Answer_WithoutItsRecord_OrWithOneTooMany_IsRefused()
    {
        Assert.Throws<UnreadableAnswerException>(() => Read([Reserve(1)], [1, 1, 1, 31, .. s_snapshot]));
        Assert.Throws<UnreadableAnswerException>(() => Read([Release(1)], [1, 1, 1, 1], "c|print|first|7"));
    }

    [Fact]
    public void Answer_ThatIsNoBatch_IsRefused() => Assert.Throws<UnreadableAnswerException>(
        () => BatchReply.Read(RedisResult.Create((RedisValue)1), BatchScripts.Settle, [Release(1)], []));

    private static (List<PartitionReply> Partitions, List<CallAnswer> Answers) Read(
        CallOperation[] operations, double[] numbers, params string[] records)
    {
        var packed = new byte[8 * numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(packed.AsSpan(8 * i), numbers[i]);
        }

        RedisResult[] parts =
        [
            RedisResult.Create((RedisValue)1, ResultType.Integer), RedisResult.Create((RedisValue)packed),
            RedisResult.Create((RedisValue)""),
            .. records.Select(record => RedisResult.Create((RedisValue)record)),
        ];
        var answers = new List<CallAnswer>();
        return (BatchReply.Read(RedisResult.Create(parts), BatchScripts.Calls, operations, answers), answers);
    }

    private static ReserveOperation Reserve(int partition) => new(partition, 6, "r", Hold.Reservation);

    private static CommitOperation Commit(int partition) => new(partition, 6, Hold, 5, false, "{}");

    private static ReleaseOperation Release(int partition) => new(partition, 6, "r", 1, 1, ReleaseMode.Uncharged, null);

    private static ExtendOperation Extend(int partition) => new(partition, 6, Hold, TimeSpan.FromSeconds(1));

    private static Hold Hold => new("r", new Reservation("r", 1, 1, 1, "search", 10, TimeSpan.FromSeconds(30)), default, 0, 0, 6);
}
