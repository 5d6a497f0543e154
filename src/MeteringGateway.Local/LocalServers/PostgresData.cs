using System.Globalization;

namespace MeteringGateway.Local.LocalServers;

/// <summary>A PostgreSQL data directory: made once, later matched with the programs of its major version.</summary>
internal sealed class PostgresData(string directory, IReadOnlyDictionary<int, string> binaries, PostgresRunAs runAs)
{
    /// <summary>Returns the folder with the programs that fit the data.</summary>
    public async Task<string> PrepareAsync(PostgresServerOptions options, CancellationToken cancellation)
    {
        var versionFile = Path.Combine(directory, "PG_VERSION");
        if (File.Exists(versionFile))
        {
            var version = (await File.ReadAllTextAsync(versionFile, cancellation)).Trim();
            // A clone that was moved, or first run as somebody else, has another owner than it needs now.
            await runAs.OwnAsync(directory, cancellation);
            return int.TryParse(version, CultureInfo.InvariantCulture, out var major) && binaries.TryGetValue(major, out var fitting)
                ? fitting
                : throw new LocalServerException(
                    $"{directory} was made by PostgreSQL {version}, but here is {string.Join(", ", binaries.Keys.Order())}: "
                        + $"install postgresql-{version}, or move the directory away to start with empty books.");
        }

        var bin = binaries[binaries.Keys.Max()];
        await InitializeAsync(Path.Combine(bin, "initdb"), options, cancellation);
        return bin;
    }

    /// <summary>Made beside and renamed, so that an interrupted start leaves no half of it.</summary>
    private async Task InitializeAsync(string initdb, PostgresServerOptions options, CancellationToken cancellation)
    {
        var unfinished = directory + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        PrivateFile.CreateDirectory(unfinished);
        await runAs.OwnAsync(unfinished, cancellation);
        List<string> command = [.. runAs.Prefix, initdb, "-D", unfinished, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"];
        var passwordFile = unfinished + ".password";
        try
        {
            if (options.Password is null)
            {
                command.AddRange(["-A", "trust"]);
            }
            else
            {
                PrivateFile.Write(passwordFile, options.Password);
                await runAs.OwnAsync(passwordFile, cancellation);
                command.AddRange(["-A", "scram-sha-256", "--pwfile", passwordFile]);
            }

            var (code, output) = await ShellCommand.RunAsync(command, cancellation);
            if (code != 0)
            {
                throw new LocalServerException($"initdb failed: {output.Split('\n')[^1]}");
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }

        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: false);
        }

        Directory.Move(unfinished, directory);
    }
}
