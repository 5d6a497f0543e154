using System.Globalization;

namespace MeteringGateway.Load.Measuring;

/// <summary>What Redis's INFO says, as far as it is counted here. Immutable.</summary>
/// <param name="Commands">All that ran, those inside scripts too.</param>
/// <param name="Scripts">Calls of scripts and functions, each one round trip from outside.</param>
/// <param name="Reads">How often Redis read from a socket: pipelined commands that arrive together are one.</param>
internal sealed record RedisInfo(long Commands, long Scripts, long Reads, long UsedMemory)
{
    private static readonly string[] s_scripts = ["eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro"];

    public static RedisInfo Parse(string text)
    {
        var fields = new Dictionary<string, string>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && line[0] != '#')
            {
                fields[line[..colon]] = line[(colon + 1)..];
            }
        }

        return new RedisInfo(
            Number(fields.GetValueOrDefault("total_commands_processed")),
            s_scripts.Sum(name => Calls(fields.GetValueOrDefault("cmdstat_" + name))),
            Number(fields.GetValueOrDefault("total_reads_processed")),
            Number(fields.GetValueOrDefault("used_memory")));
    }

    public static RedisInfo operator -(RedisInfo later, RedisInfo earlier) => new(
        later.Commands - earlier.Commands, later.Scripts - earlier.Scripts, later.Reads - earlier.Reads,
        later.UsedMemory - earlier.UsedMemory);

    /// <summary><c>calls=21,usec=175,…</c></summary>
    private static long Calls(string? statistics) =>
        Number(statistics?.Split(',').FirstOrDefault(field => field.StartsWith("calls=", StringComparison.Ordinal))?[6..]);

    private static long Number(string? text) => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);
}
