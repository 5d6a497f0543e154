namespace MeteringGateway.FaultTests;

/// <summary>METERING_FAULT_LONG=1 makes the tests take what a real outage takes.</summary>
internal static class LongRun
{
    public static bool IsAsked => Environment.GetEnvironmentVariable("METERING_FAULT_LONG") == "1";

    public static TimeSpan Pick(TimeSpan usual, TimeSpan @long) => IsAsked ? @long : usual;
}
