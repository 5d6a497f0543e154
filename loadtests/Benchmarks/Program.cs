// What the pure parts of a call cost, in nanoseconds and bytes. All of them: their table goes into docs/performance.md. With arguments of
// BenchmarkDotNet's own (--filter *Price*) they are printed only.
using BenchmarkDotNet.Running;
using MeteringGateway.Benchmarks;
using MeteringGateway.Compare.Report;
using MeteringGateway.Load.Report;
using MeteringGateway.Load.Stack;


var all = args.Length == 0;
var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchmarkTable).Assembly).Run(all ? ["--filter", "*"] : args, BenchmarkTable.Config);
var table = BenchmarkTable.Of(summaries);
Console.WriteLine(table);
if (!all)
{
    return 0;
}

if (summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)))
{
    return 1;
}

var document = Path.Combine(Programs.Root, "docs", "performance.md");
var machine = await Machine.DescribeAsync("dotnet run -c Release --project loadtests/Benchmarks", CancellationToken.None);
File.WriteAllText(document, MarkedSection.Replace(File.ReadAllText(document), "benchmarks", $"{machine}\n\n{table}"));
return 0;
