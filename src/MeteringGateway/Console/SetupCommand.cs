using System.CommandLine;
using MeteringGateway.LocalServers;

namespace MeteringGateway.Console;

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
                var found = await ServerInstaller.EnsureAsync(redis: true, postgres: true, System.Console.Error.WriteLine, cancellation);
                System.Console.WriteLine($"Redis: {found.Redis}");
                System.Console.WriteLine($"PostgreSQL: {string.Join(", ", found.Postgres.Values)}");
                return 0;
            }
            catch (LocalServerException missing)
            {
                await System.Console.Error.WriteLineAsync(missing.Message);
                return 1;
            }
        });
        return command;
    }
}
