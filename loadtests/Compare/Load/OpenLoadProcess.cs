using System.Diagnostics;
using System.Globalization;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Compare.Load;

/// <summary>
/// The open load in a process of its own, in which the answers are read on the thread that learns of them: the hop to another thread
/// would be a good part of what is measured. That is a setting of the whole process, hence the process.
/// </summary>
internal static class OpenLoadProcess
{
    public const string Verb = "open-load";

    public static async Task<LoadResult> RunAsync(OpenLoadPlan plan, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", [
            typeof(OpenLoadProcess).Assembly.Location, Verb, plan.Target.Url.AbsoluteUri, plan.Target.KeyFile,
            plan.Target.First.ToString(CultureInfo.InvariantCulture), plan.Target.Keys.ToString(CultureInfo.InvariantCulture),
            plan.Target.Surface, plan.PerSecond.ToString("0.###", CultureInfo.InvariantCulture),
            plan.Duration.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
            plan.WarmUp.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
            plan.MostConnections.ToString(CultureInfo.InvariantCulture),
        ])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        using var process = Process.Start(start) ?? throw new LocalServerException("The open load could not be started.");
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return LoadResult.Parse(output);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>What that process does: the arguments are those of <see cref="RunAsync"/>.</summary>
    public static int Serve(string[] arguments)
    {
        var numbers = arguments[6..].Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var target = new LoadTarget(new Uri(arguments[1]), arguments[2], int.Parse(arguments[4], CultureInfo.InvariantCulture))
        {
            First = int.Parse(arguments[3], CultureInfo.InvariantCulture),
            Surface = arguments[5],
        };
        using var load = new OpenLoad(new OpenLoadPlan(
            target, numbers[0], TimeSpan.FromSeconds(numbers[1]), TimeSpan.FromSeconds(numbers[2]), (int)numbers[3]));
        Console.WriteLine(load.Run().Line);
        return 0;
    }
}
