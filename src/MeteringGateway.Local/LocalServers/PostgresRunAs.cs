using System.Globalization;

namespace MeteringGateway.Local.LocalServers;

/// <summary>As whom PostgreSQL runs, which refuses to be root: the words before each of its commands, and the owner of its files.</summary>
internal sealed record PostgresRunAs(IReadOnlyList<string> Prefix, string? Owner)
{
    private static readonly PostgresRunAs Ourselves = new([], null);

    /// <summary>
    /// As root we drop to the user postgres (or nobody). Where that user can't reach the data, as in a clone below root's home, the server
    /// stays root outside a user namespace and is that user inside: nothing above the data has to be opened to others.
    /// </summary>
    public static async Task<PostgresRunAs> ForAsync(string parent, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return Ourselves;
        }

        var (user, uid, gid) = await UserAsync(cancellation);
        var ids = new[] { uid.ToString(CultureInfo.InvariantCulture), gid.ToString(CultureInfo.InvariantCulture) };
        string[] drop = ["setpriv", "--reuid", ids[0], "--regid", ids[1], "--clear-groups", "--"];
        if (await WorksAsync([.. drop, "test", "-x", parent], cancellation))
        {
            return new PostgresRunAs(drop, $"{ids[0]}:{ids[1]}");
        }

        string[] map = ["unshare", "--user", $"--map-user={ids[0]}", $"--map-group={ids[1]}", "--"];
        if (await WorksAsync([.. map, "test", "-x", parent], cancellation))
        {
            return new PostgresRunAs(map, "0:0");
        }

        throw new LocalServerException(
            $"PostgreSQL must not run as root, and the user {user} may not enter {parent}: "
                + "run this as a normal user, or clone below a directory that others may enter (chmod o+x).");
    }

    public async Task OwnAsync(string path, CancellationToken cancellation)
    {
        if (Owner is not null && await ShellCommand.RunAsync(["chown", "-R", Owner, path], cancellation) is { Code: not 0 } refused)
        {
            throw new LocalServerException($"The owner of {path} could not be changed: {refused.Output}");
        }
    }

    private static async Task<(string Name, int Uid, int Gid)> UserAsync(CancellationToken cancellation)
    {
        // initdb looks its user's name up, so that an arbitrary number would not do.
        var lines = await File.ReadAllLinesAsync("/etc/passwd", cancellation);
        var accounts = lines.Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        var fields = accounts.Find(fields => fields[0] == "postgres") ?? accounts.Find(fields => fields[0] == "nobody")
            ?? throw new LocalServerException(
                "PostgreSQL must not run as root, and there is no user postgres or nobody here. Run: useradd --system postgres");
        return (fields[0], int.Parse(fields[2], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture));
    }

    private static async Task<bool> WorksAsync(IReadOnlyList<string> command, CancellationToken cancellation) =>
        ShellCommand.Find(command[0]) is not null && (await ShellCommand.RunAsync(command, cancellation)).Code == 0;
}
