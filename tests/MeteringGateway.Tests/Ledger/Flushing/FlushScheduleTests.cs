using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Tests.Ledger.Flushing;

public sealed class FlushScheduleTests
{
    [Theory]
    [InlineData(200, 200, true, 200)]
    [InlineData(200, 1_600, true, 200)]
    [InlineData(200, 200, false, 400)]
    [InlineData(200, 999, false, 1_998)]
    [InlineData(200, 1_000, false, 2_000)]
    [InlineData(200, 1_001, false, 2_000)]
    [InlineData(200, 2_000, false, 2_000)]
    [InlineData(60_000, 60_000, true, 60_000)]
    [InlineData(60_000, 60_000, false, 2_000)]
    public void Pause_AfterALook_IsTheIntervalOrBacksOff(int interval, int last, bool reached, int expected) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(expected),
            FlushSchedule.Pause(TimeSpan.FromMilliseconds(interval), TimeSpan.FromMilliseconds(last), reached));
}
