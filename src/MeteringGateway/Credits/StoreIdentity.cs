using System.Collections.Frozen;

namespace MeteringGateway.Credits;

/// <summary>Which Redis process answers, and whether it may be trusted with money.</summary>
/// <param name="RunId">Changes with every start of the process; of a cluster, those of all masters.</param>
/// <param name="Fault">Why it must not be served from; null where nothing is wrong.</param>
internal sealed record StoreIdentity(string RunId, string? Fault)
{
    /// <summary>Have they no process in common? Two looks at one cluster, of which one missed a master, have.</summary>
    public static bool AreApart(string runIds, string others) => !runIds.Split(',').Intersect(others.Split(',')).Any();

    /// <summary>Reads what Redis says of itself. A server that hides a setting is taken at its word elsewhere: managed ones do.</summary>
    public static StoreIdentity Of(IReadOnlyDictionary<string, string> infoByServer, bool allowVolatile)
    {
        string? fault = null;
        var runIds = new List<string>();
        foreach (var (server, info) in infoByServer)
        {
            var facts = Facts(info);
            runIds.Add(facts.GetValueOrDefault("run_id", "unknown"));
            if (facts.GetValueOrDefault("maxmemory_policy", "noeviction") is var policy and not "noeviction")
            {
                fault = $"ConnectionStrings:Redis: the server {server} has maxmemory-policy '{policy}', which throws money away when memory is short: must be 'noeviction'";
            }
            else if (!allowVolatile && facts.GetValueOrDefault("aof_enabled", "1") == "0")
            {
                fault = $"ConnectionStrings:Redis: the server {server} has appendonly 'no', so a restart forgets charges: must be 'yes' (or set Credits:AllowVolatileRedis to true for a test)";
            }
        }

        return new StoreIdentity(string.Join(',', runIds.Order(StringComparer.Ordinal)), fault);
    }

    private static FrozenDictionary<string, string> Facts(string info) => info
        .Split('\n')
        .Select(line => line.Trim().Split(':', 2))
        .Where(pair => pair.Length == 2)
        .GroupBy(pair => pair[0], pair => pair[1])
        .ToFrozenDictionary(group => group.Key, group => group.First());
}
