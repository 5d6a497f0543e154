using System.CommandLine;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Local.Commands;

/// <summary>Verb setup: makes sure that the servers which the tests start are installed.</summary>
internal static class SetupCommand
{
    public static Command Build()
    {
        var command = new Command("setup", "Find redis-server and PostgreSQL on this machine; install what is missing with apt-get.");
        command.SetAction(async (_, cancellation) =>
        {
            try
            {
                var found = await ServerInstaller.EnsureAsync(redis: true, postgres: true, Console.Error.WriteLine, cancellation);
                Console.WriteLine($"Redis: {found.Redis}");
                Console.WriteLine($"PostgreSQL: {string.Join(", ", found.Postgres.Values)}");
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
