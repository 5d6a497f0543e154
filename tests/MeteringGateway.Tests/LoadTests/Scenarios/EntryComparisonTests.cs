using MeteringGateway.Scenarios.LedgerChecks;
using MeteringGateway.Scenarios.Running;

namespace MeteringGateway.Tests.LoadTests.Scenarios;

public sealed class EntryComparisonTests
{
    private static readonly Guid s_a = new("11111111111111111111111111111111");
    private static readonly Guid s_b = new("22222222222222222222222222222222");

    [Fact]
    public void Of_OneEntryForEachAnswer_IsRight()
    {
        var verdict = EntryComparison.Of([new(s_a, 2), new(s_b, 3)], Entries((s_a, 2), (s_b, 3)), lost: 0);
        Assert.True(verdict.Ok);
        Assert.Equal("2 charged answers of 5 credits; 2 ledger entries of 5 credits", Assert.Single(verdict.Looked));
    }

    [Fact]
    public void Of_AMissingEntry_IsWrong() =>
        Problem([new(s_a, 2), new(s_b, 3)], Entries((s_a, 2)), 0, "1 charged answers without an entry");

    [Fact]
    public void Of_ACreditTooMany_IsWrong() => Problem([new(s_a, 2)], Entries((s_a, 3)), 0, "(answer 2, entry 3)");

    [Fact]
    public void Of_AnAnswerThatCameTwice_IsWrong() => Problem([new(s_a, 2), new(s_a, 2)], Entries((s_a, 2)), 0, "of two charged answers");

    [Fact]
    public void Of_AnEntryNobodyWasToldOf_IsWrong() =>
        Problem([new(s_a, 2)], Entries((s_a, 2), (s_b, 2)), 0, "1 entries without a charged answer: 2222");

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void Of_AnEntryOfALostCall_IsExplained(long lost, bool expected) =>
        Assert.Equal(expected, EntryComparison.Of([], Entries((s_a, 1)), lost).Ok);

    private static void Problem(ChargedAnswer[] answers, Dictionary<string, long> entries, long lost, string expected) =>
        Assert.Contains(expected, Assert.Single(EntryComparison.Of(answers, entries, lost).Problems), StringComparison.Ordinal);

    private static Dictionary<string, long> Entries(params (Guid Id, long Credits)[] entries) =>
        entries.ToDictionary(entry => entry.Id.ToString("N"), entry => entry.Credits);
}
