using MeteringGateway.Compare.Growth;
using MeteringGateway.Compare.Report;
using MeteringGateway.Compare.Rounds;
using MeteringGateway.Compare.Streams;
using MeteringGateway.Compare.Subjects;
using MeteringGateway.Load.Report;
using MeteringGateway.Load.Stack;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Compare;

/// <summary>One run from its first look at the machine to its tables.</summary>
internal sealed class CompareRun(TextWriter output, TextWriter error)
{
    public Task<int> CompareAsync(CompareOptions options, CancellationToken cancellation) =>
        RunAsync(options, "compare", options.Has(Subject.Nginx), async (workspace, check, findings) =>
        {
            var results = await new Comparison(options, workspace, check, error.WriteLine).RunAsync(cancellation);
            return CompareReport.Of(await Machine.DescribeAsync(options.Command, cancellation), options, results, findings.All);
        }, cancellation);

    public Task<int> GrowAsync(CompareOptions options, CancellationToken cancellation) =>
        RunAsync(options, "growth", false, async (workspace, check, findings) =>
        {
            var results = await new GrowthRun(options, workspace, check, error.WriteLine).RunAsync(cancellation);
            return GrowthReport.Of(await Machine.DescribeAsync(options.Command, cancellation), options, results, findings.All);
        }, cancellation);

    public Task<int> StreamAsync(CompareOptions options, CancellationToken cancellation) =>
        RunAsync(options, "streams", false, async (workspace, check, findings) =>
        {
            var results = await new StreamsRun(options, workspace, check, findings, error.WriteLine).RunAsync(cancellation);
            return StreamsReport.Of(await Machine.DescribeAsync(options.Command, cancellation), options, results, findings.All);
        }, cancellation);

    private async Task<int> RunAsync(
        CompareOptions options, string section, bool nginx, Func<Workspace, LedgerCheck, Findings, Task<string>> measure,
        CancellationToken cancellation)
    {
        try
        {
            if (await Programs.MissingAsync(nginx, cancellation) is { Count: > 0 } missing)
            {
                await error.WriteLineAsync(string.Join('\n', missing));
                return 1;
            }

            var findings = new Findings(error.WriteLine);
            using var workspace = new Workspace("compare") { CountsAllocations = true };
            var report = await measure(workspace, new LedgerCheck(findings), findings);
            await output.WriteLineAsync(report);
            if (options.Document is { } document)
            {
                var path = Path.Combine(Programs.Root, document);
                var text = await File.ReadAllTextAsync(path, cancellation);
                await File.WriteAllTextAsync(path, MarkedSection.Replace(text, section, report), cancellation);
            }

            return findings.All.Count == 0 ? 0 : 1;
        }
        catch (Exception e) when (e is LocalServerException or HttpRequestException or InvalidOperationException or FormatException)
        {
            await error.WriteLineAsync("The run broke off: " + e.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped.");
            return 1;
        }
    }
}
