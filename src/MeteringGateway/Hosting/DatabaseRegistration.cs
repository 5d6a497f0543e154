using System.Globalization;
using MeteringGateway.Accounts.Usage;
using MeteringGateway.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Hosting;

internal static class DatabaseRegistration
{
    /// <summary>
    /// A transaction that says nothing for so long is ended: a gateway that is frozen inside one would keep its locks for ever, and a
    /// lock on an account holds up the flush of its partition. None of ours waits for anything but PostgreSQL, so that only a process
    /// that stands still is silent for seconds. What holds up more sets a shorter one for itself (three seconds of a flush).
    /// </summary>
    private const int MostMillisecondsIdleInTransaction = 5_000;

    /// <summary>
    /// Statements that a connection of the pages keeps prepared: more than there are. Planning one takes longer than most of them run.
    /// </summary>
    private const int MostPrepared = 50;

    /// <summary>A look-up by key each: thousands a second.</summary>
    private const int ConnectionsOfVisits = 2;

    /// <summary>Seconds that a page waits for a connection.</summary>
    private const int LongestWait = 3;

    /// <summary>One pool for everything that speaks to PostgreSQL; nothing on a metered call's way waits for it.</summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services) =>
        services.AddSingleton(provider =>
        {
            var builder = new NpgsqlDataSourceBuilder(provider.GetRequiredService<IOptions<ConnectionStringOptions>>().Value.Postgres);
            Secure(builder.ConnectionStringBuilder);
            // Metrics carry it; by default it is the connection string.
            builder.Name = "metering";
            builder.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
            return builder.Build();
        });

    /// <summary>
    /// A few connections for pages and reports. What they ask is ended by PostgreSQL when it takes long, and none of them waits long for
    /// another one's connection.
    /// </summary>
    public static IServiceCollection AddConsoleDatabase(this IServiceCollection services) =>
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<UsageOptions>>().Value;
            return new ConsoleDatabase(
                // Nothing but sums of the ledger is written on these: a commit that PostgreSQL loses is added up once more, and calls don't
                // share the disk with it.
                Small(provider, "metering-console", options.Connections, options.QueryTimeout, " -c synchronous_commit=off"),
                Small(provider, "metering-console-visits", ConnectionsOfVisits, options.QueryTimeout, ""));
        });

    private static NpgsqlDataSource Small(IServiceProvider provider, string name, int connections, TimeSpan longest, string more)
    {
        var builder = new NpgsqlDataSourceBuilder(provider.GetRequiredService<IOptions<ConnectionStringOptions>>().Value.Postgres);
        Secure(builder.ConnectionStringBuilder);
        var connection = builder.ConnectionStringBuilder;
        // Compiling a statement takes longer than most of these run.
        connection.Options = string.Create(
            CultureInfo.InvariantCulture, $"{connection.Options} -c jit=off -c statement_timeout={(long)longest.TotalMilliseconds}{more}");
        connection.MaxPoolSize = connections;
        connection.MinPoolSize = Math.Min(connection.MinPoolSize, connections);
        if (!connection.ShouldSerialize("Max Auto Prepare"))
        {
            connection.MaxAutoPrepare = MostPrepared;
        }

        connection.Timeout = LongestWait;
        builder.Name = name;
        builder.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
        return builder.Build();
    }

    private static void Secure(NpgsqlConnectionStringBuilder connection)
    {
        // A commit here means on disk, whatever the default of the role or the database is. A start option, because a setting made later
        // would be gone with the reset between two uses of a connection. Ours come first: of two PostgreSQL takes the later one,
        // and a setting of remote_apply is kept.
        var given = connection.Options ?? Environment.GetEnvironmentVariable("PGOPTIONS");
        connection.Options = string.Create(
            CultureInfo.InvariantCulture,
            $"-c synchronous_commit=on -c idle_in_transaction_session_timeout={MostMillisecondsIdleInTransaction} {given}").TrimEnd();

        // A standby may be behind, and a balance that was loaded from it would be an old one.
        if (connection.Host!.Contains(',', StringComparison.Ordinal))
        {
            connection.TargetSessionAttributes ??= "read-write";
        }
    }
}
