using System.Globalization;

namespace MeteringGateway.Load.Measuring;

/// <summary>
/// One line of <c>/proc/PID/stat</c>: whose child the process is, and the processor time of it and of its ended children.
/// </summary>
internal readonly record struct ProcStat(int ParentPid, long Ticks, long TicksOfEndedChildren)
{
    /// <summary>USER_HZ is part of the kernel's interface to programs: 100 on every Linux of today.</summary>
    public const long TicksPerSecond = 100;

    /// <summary>The name stands in parentheses and may itself have spaces and parentheses: the fields begin behind the last one.</summary>
    public static bool TryParse(string line, out ProcStat stat)
    {
        stat = default;
        var end = line.LastIndexOf(')');
        var fields = end < 0 ? [] : line[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 15)
        {
            return false;
        }

        stat = new ProcStat(
            int.Parse(fields[1], CultureInfo.InvariantCulture), Number(fields[11]) + Number(fields[12]),
            Number(fields[13]) + Number(fields[14]));
        return true;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
