using System.Globalization;

namespace MeteringGateway.Load.Measuring;

/// <summary>The processor time of a process with all its children, as PostgreSQL and nginx have some.</summary>
internal static class ProcessTree
{
    private const double MicrosecondsPerTick = 1e6 / ProcStat.TicksPerSecond;

    /// <summary>In microseconds, of the process and of those that it started: those that run, and those that have ended.</summary>
    public static double Processor(int root)
    {
        var all = All();
        var children = all.ToLookup(process => process.Value.ParentPid, process => process.Key);
        var (ticks, waiting) = (0L, new Stack<int>([root]));
        while (waiting.TryPop(out var pid))
        {
            if (all.TryGetValue(pid, out var stat))
            {
                ticks += stat.Ticks + stat.TicksOfEndedChildren;
            }

            foreach (var child in children[pid])
            {
                waiting.Push(child);
            }
        }

        return ticks * MicrosecondsPerTick;
    }

    /// <summary>In microseconds, what all processors of the machine have worked so far, for anybody.</summary>
    public static double Machine()
    {
        // user nice system idle iowait irq softirq steal …; guests are in user already.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return (fields.Sum() - fields[3] - fields[4]) * MicrosecondsPerTick;
    }

    /// <summary>
    /// Microseconds of the machine's processors that went to programs outside of this run so far. All that a run starts is below its
    /// process, the load too once it has ended.
    /// </summary>
    public static double Others() => Machine() - Processor(Environment.ProcessId);

    /// <summary>Those microseconds as a share of what the machine had in that time.</summary>
    public static double Share(double others, TimeSpan duration) =>
        Statistics.Ratio(others, duration.TotalMicroseconds * Environment.ProcessorCount);

    /// <summary>Bytes of a process that are in memory now.</summary>
    public static long Resident(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(6, line.Length - 9).Trim(), CultureInfo.InvariantCulture);
    }

    private static Dictionary<int, ProcStat> All()
    {
        var all = new Dictionary<int, ProcStat>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid)
                && Read(Path.Combine(directory, "stat")) is { } line && ProcStat.TryParse(line, out var stat))
            {
                all[pid] = stat;
            }
        }

        return all;
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
