using System.Globalization;

namespace MeteringGateway.Local.LocalServers;

/// <summary>Remembers a server's process id beside its data: two servers on the same data would destroy it.</summary>
internal static class PidFile
{
    public static void Write(string path, int pid) => File.WriteAllText(path, pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>After a kill -9 of the parent, the servers it left are ending while the next start already runs.</summary>
    public static async Task AwaitPredecessorAsync(
        string path, string name, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        if (!File.Exists(path)
            || !int.TryParse(await File.ReadAllTextAsync(path, cancellation), CultureInfo.InvariantCulture, out var pid))
        {
            return;
        }

        var gone = await Readiness.PollAsync(_ => Task.FromResult(!IsServer(pid, name)), patience, time, cancellation);
        if (!gone)
        {
            throw new LocalServerException($"Another {name} (process {pid}) still runs on {Path.GetDirectoryName(path)}; stop it first.");
        }
    }

    /// <summary>The name guards against a number that the system has given to another program since.</summary>
    private static bool IsServer(int pid, string name)
    {
        if (!ProcessSignal.Exists.SendTo(pid))
        {
            return false;
        }

        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains(name, StringComparison.OrdinalIgnoreCase);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
