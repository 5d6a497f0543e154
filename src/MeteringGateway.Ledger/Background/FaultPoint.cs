using System.Diagnostics;
using System.Globalization;

namespace MeteringGateway.Ledger.Background;

/// <summary>
/// Points at which a fault test kills or stops this process: <c>METERING_FAULT=after-reserve:kill@17</c> kills it at the 17th passage,
/// <c>flush-before-commit:sleep:2000</c> blocks the thread of each passage for two seconds, <c>…@20-67</c> in those passages only; several
/// faults are separated by a comma. Without the variable a passage costs one read of a field. Any number of callers at once.
/// </summary>
internal static class FaultPoint
{
    private static readonly Fault[] s_faults = Read(Environment.GetEnvironmentVariable("METERING_FAULT"));
    private static readonly bool s_armed = s_faults.Length > 0;

    public static void Hit(string name)
    {
        if (s_armed)
        {
            Strike(name);
        }
    }

    private static void Strike(string name)
    {
        foreach (var fault in s_faults)
        {
            if (fault.Name != name || !fault.StrikesNow())
            {
                continue;
            }

            if (fault.Sleep > TimeSpan.Zero)
            {
                using var never = new ManualResetEventSlim();
                never.Wait(fault.Sleep);
                continue;
            }

            // SIGKILL: any gentler end runs code that a power cut would not run.
            using var self = Process.GetCurrentProcess();
            self.Kill();
            using var dying = new ManualResetEventSlim();
            dying.Wait();
        }
    }

    private static Fault[] Read(string? text) =>
        string.IsNullOrEmpty(text)
            ? []
            : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    private static Fault Parse(string text)
    {
        var parts = text.Split(':', 2);
        var action = parts.Length == 2 ? parts[1].Split('@', 2) : [];
        var (first, last) = (1, int.MaxValue);
        var sleep = 0;
        var valid = action is { Length: > 0 }
            && (action.Length == 1 || TryParsePassages(action[1], out first, out last))
            && (action[0] == "kill"
                || (action[0].StartsWith("sleep:", StringComparison.Ordinal)
                    && int.TryParse(action[0]["sleep:".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out sleep)));
        return valid
            ? new Fault(parts[0], first, last, TimeSpan.FromMilliseconds(sleep))
            : throw new FormatException(
                $"METERING_FAULT: '{text}' is no fault: must be point:kill@n or point:sleep:milliseconds@n, or @n-m");
    }

    private static bool TryParsePassages(string text, out int first, out int last)
    {
        var ends = text.Split('-', 2);
        last = int.MaxValue;
        return int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && (ends.Length == 1 || int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out last));
    }

    private sealed class Fault(string name, int first, int last, TimeSpan sleep)
    {
        private int _passed;

        public string Name { get; } = name;
        public TimeSpan Sleep { get; } = sleep;

        public bool StrikesNow()
        {
            var passage = Interlocked.Increment(ref _passed);
            return first <= passage && passage <= last;
        }
    }
}
