namespace MeteringGateway.Engine.Scripts;

/// <summary>Decides by a server's INFO whether its settings are safe for credits. Pure.</summary>
internal static class RedisSafety
{
    /// <summary>
    /// Why this Redis must not be served from; null if its settings are safe. A setting that a server does not report counts as safe:
    /// managed servers hide some.
    /// </summary>
    public static string? Fault(IReadOnlyDictionary<string, string> infoByServer, bool allowVolatile)
    {
        foreach (var (server, info) in infoByServer)
        {
            if (Fact(info, "maxmemory_policy") is { } policy and not "noeviction")
            {
                return $"ConnectionStrings:Redis: the server {server} has maxmemory-policy '{policy}', which throws money away when memory "
                    + "is short: must be 'noeviction'";
            }

            if (!allowVolatile && Fact(info, "aof_enabled") == "0")
            {
                return $"ConnectionStrings:Redis: the server {server} has appendonly 'no', so a restart forgets charges: must be 'yes' (or "
                    + "set Credits:AllowVolatileRedis to true for a test)";
            }
        }

        return null;
    }

    private static string? Fact(string info, string name) => info
        .Split('\n')
        .Select(line => line.Trim().Split(':', 2))
        .FirstOrDefault(pair => pair.Length == 2 && pair[0] == name)?[1];
}
