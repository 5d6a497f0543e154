using System.Globalization;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FaultTests;

/// <summary>
/// A Redis Cluster of three masters in the place of the one Redis, and a replica of the first. For one test: a failover has no way back.
/// </summary>
public sealed class ClusterWorld : FaultWorld
{
    private const int Slots = 16_384;
    private readonly TemporaryDirectory _directory = TemporaryDirectory.ForRedis();

    internal IReadOnlyList<RedisServer> Masters { get; private set; } = [];
    internal RedisServer Replica { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Masters = [await NodeAsync("one"), await NodeAsync("two"), await NodeAsync("three")];
        Replica = await NodeAsync("replica");
        for (var i = 0; i < Masters.Count; i++)
        {
            await AskAsync(Masters[i], $"CLUSTER ADDSLOTSRANGE {i * Slots / 3} {((i + 1) * Slots / 3) - 1}");
        }

        foreach (var node in Masters.Skip(1).Append(Replica))
        {
            await AskAsync(node, $"CLUSTER MEET 127.0.0.1 {Masters[0].Port}");
        }

        foreach (var node in Masters.Append(Replica))
        {
            await Eventually.TrueAsync(
                async () => await AskAsync(node, "CLUSTER INFO") is var info && info.Contains("cluster_state:ok", StringComparison.Ordinal)
                    && info.Contains("cluster_known_nodes:4", StringComparison.Ordinal),
                () => "the cluster never met");
        }

        await AskAsync(Replica, $"CLUSTER REPLICATE {await IdAsync(Masters[0])}");
        await Eventually.TrueAsync(
            async () => (await AskAsync(Replica, "INFO replication")).Contains("master_link_status:up", StringComparison.Ordinal),
            () => "the replica never caught up");
        Stores.Cluster = string.Join(',', Masters.Select(master => master.ConnectionString));
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var node in Masters.Append(Replica))
        {
            await node.DisposeAsync();
        }

        _directory.Dispose();
    }

    internal static Task<string> AskAsync(RedisServer node, string command) => RedisText.AskAsync(node, command);

    /// <summary>The master that was given the account's slot at the start.</summary>
    internal async Task<RedisServer> MasterOfAsync(long account) => Masters[(int)(await SlotOfAsync(account) * Masters.Count / Slots)];

    internal async Task<long> SlotOfAsync(long account) =>
        long.Parse(
            (await AskAsync(Masters[^1], $"CLUSTER KEYSLOT {PartitionMap.Meta(new PartitionMap(Partitions).Of(account))}")).AsSpan(1),
            CultureInfo.InvariantCulture);

    /// <summary>Moves the account's slot, key by key, as an operator's tool would.</summary>
    internal async Task MoveSlotAsync(long account, RedisServer from, RedisServer to)
    {
        var slot = await SlotOfAsync(account);
        await AskAsync(to, $"CLUSTER SETSLOT {slot} IMPORTING {await IdAsync(from)}");
        await AskAsync(from, $"CLUSTER SETSLOT {slot} MIGRATING {await IdAsync(to)}");
        while (await RedisText.ListAsync(from, $"CLUSTER GETKEYSINSLOT {slot} 2") is { Count: > 0 } keys)
        {
            await AskAsync(from, $"MIGRATE 127.0.0.1 {to.Port} \"\" 0 5000 KEYS {string.Join(' ', keys)}");
        }

        foreach (var node in new[] { to, from }.Concat(Masters.Except([to, from])))
        {
            await AskAsync(node, $"CLUSTER SETSLOT {slot} NODE {await IdAsync(to)}");
        }
    }

    private static Task<string> IdAsync(RedisServer node) => AskAsync(node, "CLUSTER MYID");

    private Task<RedisServer> NodeAsync(string name) => RedisServer.StartAsync(
        _directory.In(name),
        new RedisServerOptions
        {
            Arguments =
            [
                "--cluster-enabled", "yes", "--cluster-node-timeout", "1500", "--cluster-require-full-coverage", "no",
                "--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0",
            ],
        },
        TimeProvider.System, CancellationToken.None);
}
