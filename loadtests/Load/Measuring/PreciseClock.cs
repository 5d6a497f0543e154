using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MeteringGateway.Load.Measuring;

/// <summary>
/// Sleeps to within some microseconds, without spinning: on two processors a spinning client would take one of them from what it
/// measures. .NET's own waits are counted in milliseconds, and the kernel adds 50 µs of slack unless the thread says otherwise.
/// </summary>
internal static class PreciseClock
{
    private const int SetTimerSlack = 29;
    private const int Monotonic = 1;
    private const int Absolute = 1;

    /// <summary>For the calling thread.</summary>
    public static void TakeSlack() => _ = prctl(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Until that time of <see cref="Stopwatch"/>, which on Linux is the monotonic clock in nanoseconds.</summary>
    public static void SleepUntil(long timestamp)
    {
        var until = new Timespec { Seconds = timestamp / 1_000_000_000, Nanoseconds = timestamp % 1_000_000_000 };
        while (Stopwatch.GetTimestamp() < timestamp)
        {
            _ = clock_nanosleep(Monotonic, Absolute, in until, 0);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

#pragma warning disable SYSLIB1054 // The generated marshaller needs unsafe code in the whole project; numbers need no marshalling.
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_nanosleep(int clock, int flags, in Timespec until, nint remaining);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int prctl(int option, nuint value, nuint third, nuint fourth, nuint fifth);
#pragma warning restore SYSLIB1054
}
