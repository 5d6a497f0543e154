using Npgsql;

namespace MeteringGateway.Hosting;

internal static class DatabaseRegistration
{
    /// <summary>One pool for everything that speaks to PostgreSQL; nothing on a metered call's way waits for it.</summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(provider =>
        {
            var builder = new NpgsqlDataSourceBuilder(configuration.GetConnectionString("Postgres"));
            builder.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
            return builder.Build();
        });
}
