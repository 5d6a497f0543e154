namespace MeteringGateway.Engine.Calls;

/// <summary>The pauses between the sends of one commit or release: 20 ms, doubled up to a second. Pure.</summary>
internal static class CallBackOff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    public static TimeSpan After(TimeSpan pause) => pause * 2 > s_longest ? s_longest : pause * 2;
}
