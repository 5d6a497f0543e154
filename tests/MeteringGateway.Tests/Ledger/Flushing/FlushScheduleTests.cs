using MeteringGateway.Ledger.Flushing;

namespace MeteringGateway.Tests.Ledger.Flushing;

public sealed class FlushScheduleTests
{
    [Theory]
    [InlineData(200, 200, nameof(FlushLook.Done), 0, 200)]
    [InlineData(200, 1_600, nameof(FlushLook.Done), 30, 170)]
    [InlineData(200, 170, nameof(FlushLook.Done), 250, 0)]
    [InlineData(200, 170, nameof(FlushLook.Behind), 90, 45)]
    [InlineData(200, 170, nameof(FlushLook.Urgent), 90, 0)]
    [InlineData(200, 0, nameof(FlushLook.Away), 90, 200)]
    [InlineData(200, 200, nameof(FlushLook.Away), 90, 400)]
    [InlineData(200, 999, nameof(FlushLook.Away), 0, 1_998)]
    [InlineData(200, 1_000, nameof(FlushLook.Away), 0, 2_000)]
    [InlineData(200, 1_001, nameof(FlushLook.Away), 0, 2_000)]
    [InlineData(200, 2_000, nameof(FlushLook.Away), 0, 2_000)]
    [InlineData(60_000, 60_000, nameof(FlushLook.Done), 0, 60_000)]
    [InlineData(60_000, 60_000, nameof(FlushLook.Away), 0, 2_000)]
    public void Pause_AfterALook_KeepsTheIntervalOrBacksOff(int interval, int last, string look, int took, int expected) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(expected),
            FlushSchedule.Pause(
                TimeSpan.FromMilliseconds(interval), TimeSpan.FromMilliseconds(last), Enum.Parse<FlushLook>(look),
                TimeSpan.FromMilliseconds(took)));
}
