using System.CommandLine;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Local.Commands;

/// <summary>Verb setup: makes sure that what the tests start is installed.</summary>
internal static class SetupCommand
{
    public static Command Build()
    {
        var command = new Command(
            "setup",
            "Find redis-server, PostgreSQL, Node.js, npm, Prometheus and Chromium on this machine; install what is missing with apt-get.");
        command.SetAction(async (_, cancellation) =>
        {
            try
            {
                var found = await ServerInstaller.EnsureAsync(forTests: true, Console.Error.WriteLine, cancellation);
                Console.WriteLine($"Redis: {found.Redis}");
                Console.WriteLine($"PostgreSQL: {string.Join(", ", found.Postgres.Values)}");
                Console.WriteLine($"Node.js: {found.Node}, {found.Npm}");
                Console.WriteLine($"Prometheus: {found.Prometheus}, {found.Promtool}");
                Console.WriteLine($"Chromium: {found.Chromium}");
                return 0;
            }
            catch (LocalServerException missing)
            {
                await Console.Error.WriteLineAsync(missing.Message);
                return 1;
            }
        });
        return command;
    }
}
