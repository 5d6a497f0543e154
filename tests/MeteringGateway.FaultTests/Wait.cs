namespace MeteringGateway.FaultTests;

/// <summary>Lets a fault last. Never in the place of a condition: what must come after is awaited.</summary>
internal static class Wait
{
    public static Task ForAsync(TimeSpan span) => Task.Delay(span, TimeProvider.System);
}
