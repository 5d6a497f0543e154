using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Engine.Movements;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Tests.Accounts.Payouts;

public sealed class PayoutTests
{
    [Theory]
    [InlineData(CreditStatus.Credited, "paid 70")]
    [InlineData(CreditStatus.Duplicate, "paid 70")]
    [InlineData(CreditStatus.InsufficientCredits, "refused InsufficientCredits")]
    [InlineData(CreditStatus.BalanceTooLarge, "refused BalanceTooLarge")]
    [InlineData(CreditStatus.UnknownAccount, "refused UnknownAccount")]
    [InlineData(CreditStatus.Unavailable, "pending")]
    internal async Task Row_IsMarkedAsTheEngineSaid(CreditStatus status, string marked)
    {
        var engine = new Engine(new CreditReply(status, 70));
        var due = new DueCredits(7, 30, new EntryTail("manual:1", "bonus"), Attempt: 3);

        var outcome = await new Payout(engine).PayAsync(
            "pending", due, balance => Task.FromResult($"paid {balance}"), why => Task.FromResult($"refused {why}"), default);

        Assert.Equal((marked, status), (outcome.Row, outcome.Credit.Status));
        Assert.Equal(due, engine.Asked);
    }

    [Fact]
    public async Task Status_NobodyKnows_MarksNothing()
    {
        var payout = new Payout(new Engine(new CreditReply((CreditStatus)99, 70)));
        var due = new DueCredits(7, 30, new EntryTail("manual:1", "bonus"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => payout.PayAsync(
            "pending", due, _ => throw new NotSupportedException(), _ => throw new NotSupportedException(), default));
    }

    private sealed class Engine(CreditReply reply) : ICreditMovements
    {
        public DueCredits Asked { get; private set; }

        public Task<CreditReply> CreditAsync(long accountId, long delta, EntryTail entry, int attempt, CancellationToken cancellationToken)
        {
            Asked = new DueCredits(accountId, delta, entry, attempt);
            return Task.FromResult(reply);
        }
    }
}
