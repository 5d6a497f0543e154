using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Tests.Ledger.Flushing;

public sealed class SpendSumsTests
{
    private static readonly SpendWindows _before = new(20_000, 2_857, 24_297), _after = new(20_001, 2_857, 24_298);

    [Fact]
    public void TryOf_ChargesOverMidnight_AddsUpEachWindowOnceInTheOrderOfKeys()
    {
        var sums = SpendSums.TryOf(
            [
                Entry(1, 8, -5, _after), Entry(1, 7, -3, _before), Entry(1, 8, -2, _before), Entry(2, null, -9, null),
                Entry(1, 8, 1, _after),
            ])!;

        Assert.Equal(
            "7 DAILY 20000 3, 7 FIXED 0 3, 7 MONTHLY 24297 3, 7 WEEKLY 2857 3, "
                + "8 DAILY 20000 2, 8 DAILY 20001 4, 8 FIXED 0 6, 8 MONTHLY 24297 2, 8 MONTHLY 24298 4, 8 WEEKLY 2857 6",
            string.Join(", ", sums.Keys.Select(row => $"{row.KeyId} {row.Period} {row.Window} {row.Credits}")));
        Assert.Equal([new MonthSpend(1, 24_297, 5), new MonthSpend(1, 24_298, 4)], sums.Months);
    }

    [Fact]
    public void TryOf_ASumThatNoRowCanHold_IsNone()
    {
        Assert.NotNull(SpendSums.TryOf([Entry(1, 7, -long.MaxValue, _before)]));
        Assert.Null(SpendSums.TryOf([Entry(1, 7, -long.MaxValue, _before), Entry(1, 7, -1, _before)]));
    }

    private static NumberedEntry Entry(long account, long? key, long delta, SpendWindows? windows) =>
        new(
            new OutboxEntry
            {
                EntryId = "e",
                OccurredAt = default,
                Epoch = 0,
                AccountId = account,
                KeyId = key,
                CreditsDelta = delta,
                SeenBalance = 0,
                Windows = windows,
                EntryType = "usage",
            },
            1, 0);
}
