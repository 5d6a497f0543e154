using System.Diagnostics;
using System.Globalization;

namespace MeteringGateway.Local.LocalServers;

/// <summary>
/// A server process that ends with us on every way out. It lives in a session of its own, so that Ctrl-C reaches it only through us,
/// under a watchdog shell that reads a pipe from us. The kernel's parent-death signal would be simpler but fires when the
/// starting thread ends, and .NET's threads come and go.
/// </summary>
internal sealed class ChildServer : IAsyncDisposable
{
    private readonly Process _watchdog;

    private ChildServer(string name, Process watchdog, int pid)
    {
        Name = name;
        _watchdog = watchdog;
        Pid = pid;
        Exited = WaitAsync(watchdog);
    }

    public string Name { get; }
    public int Pid { get; }

    /// <summary>The server's exit code; 128 + n when a signal ended it.</summary>
    public Task<int> Exited { get; }

    public static async Task<ChildServer> StartAsync(ChildServerStart start, TimeProvider time, CancellationToken cancellation)
    {
        if (start.PidFile is not null)
        {
            await PidFile.AwaitPredecessorAsync(start.PidFile, start.Name, start.PredecessorPatience ?? start.Grace, time, cancellation);
        }

        var info = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = start.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        // Debian's sh drops what no shell can name, such as a setting of a provider with a hyphen; bash hands it on.
        var grace = ((int)start.Grace.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        string[] watchdog =
            [ShellCommand.Find("bash") ?? "sh", "-c", Script(), "watchdog", start.StopSignal, grace, start.LogFile ?? "-"];
        foreach (var argument in watchdog.Concat(start.Command))
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        var process = Process.Start(info) ?? throw new LocalServerException($"{start.Name} could not be started.");
        var line = await process.StandardError.ReadLineAsync(CancellationToken.None);
        if (!int.TryParse(line, CultureInfo.InvariantCulture, out var pid))
        {
            throw new LocalServerException($"{start.Name} could not be started: {line}");
        }

        if (start.PidFile is not null)
        {
            PidFile.Write(start.PidFile, pid);
        }

        return new ChildServer(start.Name, process, pid);
    }

    /// <summary>
    /// Should we die, this server waits for that process to end before it stops, at most that long, so that a draining gateway keeps its
    /// stores.
    /// </summary>
    public void StopAfter(int pid, TimeSpan atMost) =>
        Tell(string.Create(CultureInfo.InvariantCulture, $"after {pid} {(int)atMost.TotalSeconds}"));

    /// <summary>That directory goes with the server, even when we are gone by then.</summary>
    public void RemoveAfterwards(string directory) => Tell("remove " + directory);

    /// <summary>Asks the server to stop and returns when it has, at the latest after its grace.</summary>
    public async Task<int> StopAsync()
    {
        if (!Exited.IsCompleted)
        {
            _watchdog.StandardInput.Close();
        }

        return await Exited;
    }

    public async Task KillAsync()
    {
        ProcessSignal.Kill.SendTo(Pid);
        await Exited;
    }

    public void Pause() => ProcessSignal.Pause.SendTo(Pid);
    public void Resume() => ProcessSignal.Resume.SendTo(Pid);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _watchdog.Dispose();
    }

    private void Tell(string line)
    {
        _watchdog.StandardInput.WriteLine(line);
        _watchdog.StandardInput.Flush();
    }

    private static async Task<int> WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static string Script()
    {
        using var reader = new StreamReader(typeof(ChildServer).Assembly.GetManifestResourceStream("LocalServers/watchdog.sh")
            ?? throw new InvalidOperationException("LocalServers/watchdog.sh is not embedded."));
        return reader.ReadToEnd();
    }
}
