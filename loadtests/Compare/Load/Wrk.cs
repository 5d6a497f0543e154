using System.Diagnostics;
using System.Globalization;
using MeteringGateway.Load.Stack;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Compare.Load;

/// <summary>The closed-loop load: each connection sends its next request when it has the answer to the last one.</summary>
internal sealed class Wrk(string script)
{
    /// <summary>Longer than any hold: an answer that is late is late, not lost.</summary>
    private const string AnswerTimeout = "90s";

    /// <summary>How long after its time wrk may still be at work, which then is killed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>With the script written into that folder.</summary>
    public static Wrk In(Workspace workspace)
    {
        var path = workspace.In("post.lua");
        using var embedded = typeof(Wrk).Assembly.GetManifestResourceStream("Load/post.lua")
            ?? throw new InvalidOperationException("Load/post.lua is not embedded.");
        using var file = File.Create(path);
        embedded.CopyTo(file);
        return new Wrk(path);
    }

    public async Task<LoadResult> RunAsync(
        LoadTarget target, int connections, TimeSpan duration, CancellationToken cancellation)
    {
        var seconds = Math.Max(1, (int)duration.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "-t1", "-c" + connections.ToString(CultureInfo.InvariantCulture), $"-d{seconds}s", "--timeout", AnswerTimeout, "-s", script,
            target.Url.GetLeftPart(UriPartial.Authority), "--", target.KeyFile, target.First.ToString(CultureInfo.InvariantCulture),
            target.Keys.ToString(CultureInfo.InvariantCulture), target.EachInTurn ? "each" : "random", target.Url.AbsolutePath, target.Body,
        ];
        var start = new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new LocalServerException("wrk could not be started.");
        using var deadline = new CancellationTokenSource(duration + Grace, TimeProvider.System);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(linked.Token);
            var errors = process.StandardError.ReadToEndAsync(linked.Token);
            await process.WaitForExitAsync(linked.Token);
            return LoadResult.Parse(await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
