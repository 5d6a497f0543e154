namespace MeteringGateway.Tests.Calls.Providers;

/// <summary>A clock that a test moves by hand.</summary>
internal sealed class HandClock : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public void Tick(TimeSpan elapsed) => _now += elapsed.Ticks;
}
