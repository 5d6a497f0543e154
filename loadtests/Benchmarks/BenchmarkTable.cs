using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MeteringGateway.Load.Report;

namespace MeteringGateway.Benchmarks;

/// <summary>How benchmarks are run, and the table of what they came to.</summary>
internal static class BenchmarkTable
{
    /// <summary>
    /// In this process: a project that BenchmarkDotNet generates and builds for each of them would have to obey the build rules of this
    /// repository. Few iterations, for the question is which part costs microseconds, not which nanosecond.
    /// </summary>
    public static IConfig Config { get; } = ManualConfig.CreateEmpty()
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(7))
        .AddDiagnoser(new MemoryDiagnoser(new MemoryDiagnoserConfig(displayGenColumns: false)))
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "metering-benchmarks"));

    public static string Of(IEnumerable<Summary> summaries) => Markdown.Table(
        ["part", "ns", "± ns", "allocated bytes"],
        from summary in summaries
        from report in summary.Reports
        let benchmark = report.BenchmarkCase
        let statistics = report.ResultStatistics
        let room = benchmark.Descriptor.Type.Name.Replace("Benchmarks", "", StringComparison.Ordinal)
        select (IReadOnlyList<string>)[
            $"{room}: {benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\'')}",
            Markdown.Number(statistics?.Mean ?? double.NaN, 0), Markdown.Number(statistics?.StandardDeviation ?? double.NaN, 0),
            Markdown.Number(report.GcStats.GetBytesAllocatedPerOperation(benchmark) ?? double.NaN, 0),
        ]);
}
