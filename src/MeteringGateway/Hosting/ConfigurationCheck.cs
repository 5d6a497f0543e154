using MeteringGateway.Configuration;
using MeteringGateway.Sales.Catalog;

namespace MeteringGateway.Hosting;

/// <summary>What a start would refuse, all of it, without starting anything.</summary>
internal static class ConfigurationCheck
{
    /// <summary>
    /// The addresses of Redis and PostgreSQL stand in the environment as a rule, which a check on another machine does not have:
    /// they count only where they are given.
    /// </summary>
    private static readonly KeyValuePair<string, string>[] s_stores =
    [
        new($"{ConnectionStringOptions.Section}:{nameof(ConnectionStringOptions.Redis)}", "127.0.0.1:6379"),
        new(
            $"{ConnectionStringOptions.Section}:{nameof(ConnectionStringOptions.Postgres)}",
            "Host=127.0.0.1;Database=metering;Username=postgres"),
    ];

    public static IReadOnlyList<string> ProblemsOf(string file)
    {
        var problems = new List<string>();
        if (Try(() => GatewayConfiguration.LoadFile(file), problems) is not { } given)
        {
            return problems;
        }

        var configuration = GatewayConfiguration.LoadFile(file, s_stores.Where(store => string.IsNullOrWhiteSpace(given[store.Key]))
            .Select(store => new KeyValuePair<string, string?>(store.Key, store.Value)));

        // Each stage of the start ends at its first refusal; a check of a file wants those of all.
        Try(() => new ServiceCollection().AddGatewayOptions(configuration), problems);
        Try(() => new ServiceCollection().AddSurfaces(configuration), problems);
        Try(() => new ServiceCollection().AddCatalog(configuration), problems);
        if (problems.Count == 0)
        {
            Try(() => GatewayHost.Build(configuration).DisposeAsync().AsTask(), problems);
        }

        return problems;
    }

    private static T? Try<T>(Func<T> stage, List<string> problems)
        where T : class
    {
        try
        {
            return stage();
        }
        catch (ConfigurationException e)
        {
            problems.AddRange(e.Lines.Except(problems, StringComparer.Ordinal));
            return null;
        }
    }
}
