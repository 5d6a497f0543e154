using MeteringGateway.Sales.Reversals;

namespace MeteringGateway.Tests.Sales.Reversals;

public sealed class ReversalRulesTests
{
    /// <summary>Of 250 credits for 2,975 cents: in proportion, rounded down, all only for all, and no money twice.</summary>
    [Theory]
    [InlineData("", 0)]
    [InlineData("refund 1", 0)]
    [InlineData("refund 12", 1)]
    [InlineData("refund 2974", 249)]
    [InlineData("refund 2975", 250)]
    [InlineData("refund 500, refund 700", 100)]
    [InlineData("refund 2000, dispute 2975", 250)]
    [InlineData("dispute 2975, dispute 2975", 250)]
    [InlineData("refund 500, refund_total 500", 42)]
    [InlineData("refund 500, refund_total 1190", 100)]
    [InlineData("refund_total 500, refund_total 1190", 100)]
    public void Reversed_OfWhatIsInEffect_IsTheMoneysShare(string inEffect, long credits) =>
        Assert.Equal(credits, ReversalRules.Reversed(250, 2975, Rows(inEffect)));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Reversed_OfWhatCostNothing_IsNothing(long paid) =>
        Assert.Equal(0, ReversalRules.Reversed(250, paid, Rows("refund 10")));

    [Fact]
    public void Reversed_OfTheMostThatThereIs_DoesNotOverflow() =>
        Assert.Equal(1_000_000_000_000, ReversalRules.Reversed(1_000_000_000_000, 1_000_000_000_000, Rows("refund 1000000000000")));

    /// <summary>What begins takes and what ends gives, from what was booked; what was over before it began moves nothing.</summary>
    [Theory]
    [InlineData("refund 1190 pending effective", 0, "100 of 100")]
    [InlineData("refund 1190 pending undone", 0, "0 of 0")]
    [InlineData("refund 1190 effective undone", 100, "-100 of 0")]
    [InlineData("dispute 2975 effective undone, refund 1190 effective effective", 250, "-150 of 100")]
    [InlineData("dispute 2975 effective effective, refund 1190 pending effective", 250, "0 of 250")]
    [InlineData("refund 1190 pending effective, refund 1785 pending effective", 0, "100 of 100; 150 of 250 all")]
    public void Steps_FromWhatIsBooked_LeadToWhatIsTrue(string rows, long reversed, string steps) => Assert.Equal(
        steps,
        string.Join("; ", ReversalRules.Steps(250, 2975, reversed, Rows(rows)).Select(step =>
            $"{step.Credits} of {step.Reversed}{(step.IsAll && step.Credits > 0 ? " all" : "")}")));

    /// <summary>Months that were handed out since count from the next step on.</summary>
    [Fact]
    public void Steps_AfterMoreWasGiven_TakeWhatIsMissing()
    {
        var step = Assert.Single(
            ReversalRules.Steps(2000, 12_000, 500, Rows("refund 6000 effective effective, refund 6000 pending effective")));
        Assert.Equal((1500, 2000, true), ((int)step.Credits, (int)step.Reversed, step.IsAll));
    }

    private static IReadOnlyList<ReversalRow> Rows(string text) =>
    [
        .. text.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select((row, i) => row.Split(' ') switch
        {
            [var kind, var cents, var booked, var state] => Row(i, kind, cents, booked, state),
            [var kind, var cents] => Row(i, kind, cents, "effective", "effective"),
            _ => throw new ArgumentException(row, nameof(text)),
        }),
    ];

    private static ReversalRow Row(int id, string kind, string cents, string booked, string state) => new()
    {
        ReversalId = $"re_{id}",
        Kind = kind,
        AmountCents = long.Parse(cents, System.Globalization.CultureInfo.InvariantCulture),
        Booked = booked,
        State = state,
    };
}
