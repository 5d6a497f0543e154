using MeteringGateway.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Hosting;

internal static class DatabaseRegistration
{
    /// <summary>One pool for everything that speaks to PostgreSQL; nothing on a metered call's way waits for it.</summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services) =>
        services.AddSingleton(provider =>
        {
            var builder = new NpgsqlDataSourceBuilder(provider.GetRequiredService<IOptions<ConnectionStringOptions>>().Value.Postgres);
            Secure(builder.ConnectionStringBuilder);
            builder.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
            return builder.Build();
        });

    private static void Secure(NpgsqlConnectionStringBuilder connection)
    {
        // A commit here means on disk, whatever the default of the role or the database is. A start option, because a setting made later
        // would be gone with the reset between two uses of a connection. It comes first: of two PostgreSQL takes the later one,
        // and a setting of remote_apply is kept.
        connection.Options = $"-c synchronous_commit=on {connection.Options ?? Environment.GetEnvironmentVariable("PGOPTIONS")}".TrimEnd();

        // A standby may be behind, and a balance that was loaded from it would be an old one.
        if (connection.Host!.Contains(',', StringComparison.Ordinal))
        {
            connection.TargetSessionAttributes ??= "read-write";
        }
    }
}
