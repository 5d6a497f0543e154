using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace MeteringGateway.Telemetry;

/// <summary>
/// The process, under the names that Prometheus's own clients use and dashboards know. Looked at by a scrape, never by a call.
/// </summary>
internal sealed class ProcessMetrics : IDisposable
{
    public const string Cpu = "process_cpu_seconds_total";
    public const string Memory = "process_resident_memory_bytes";
    public const string Start = "process_start_time_seconds";
    public const string OpenFiles = "process_open_fds";
    public const string MostFiles = "process_max_fds";

    private readonly Meter _meter;

    public ProcessMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(GatewayMetrics.MeterName + ".Process");
        _meter.CreateObservableCounter(Cpu, () => Environment.CpuUsage.TotalTime.TotalSeconds);
        _meter.CreateObservableGauge(Memory, () => Environment.WorkingSet);
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        _meter.CreateObservableGauge(Start, () => started);
        _meter.CreateObservableGauge(OpenFiles, CountOpenFiles);
        var most = ReadMostFiles();
        _meter.CreateObservableGauge(MostFiles, () => most);
    }

    public void Dispose() => _meter.Dispose();

    private static int CountOpenFiles()
    {
        var folder = new DirectoryInfo("/proc/self/fd");
        return folder.Exists ? folder.EnumerateFileSystemInfos().Count() : 0;
    }

    /// <summary>A line of <c>/proc/self/limits</c>: name, soft limit, hard limit, unit; a limit may be <c>unlimited</c>.</summary>
    private static double ReadMostFiles()
    {
        const string Name = "Max open files";
        if (!File.Exists("/proc/self/limits"))
        {
            return 0;
        }

        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return double.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 0;
    }
}
