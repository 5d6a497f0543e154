using System.ComponentModel.DataAnnotations;

namespace MeteringGateway.Http.Bounds;

/// <summary>How much all calls together may keep in memory: section <c>Memory</c>.</summary>
internal sealed class MemoryOptions
{
    public const string Section = "Memory";

    /// <summary>
    /// Request bodies and held answers, all calls together. Over it a call is refused with 503 <c>overloaded</c>,
    /// free of charge: sixteen of the largest answers at once, in a process that a small container (512 MiB) can hold.
    /// Where the process may use less than three times as much, a third of what it may use is the bound.
    /// </summary>
    [Range(1024 * 1024, 1024L * 1024 * 1024 * 1024)]
    public long MaxBufferedBytes { get; set; } = 256 * 1024 * 1024;
}
