using System.Globalization;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FaultTests;

/// <summary>The same with a replica of Redis behind a line that can be cut. For one test: a failover has no way back.</summary>
public sealed class ReplicaWorld : FaultWorld
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.ForRedis();

    internal RedisServer Replica { get; private set; } = null!;

    /// <summary>Between the replica and its master.</summary>
    public ChaosProxy Replication { get; private set; } = null!;

    /// <summary>Another address of Redis, for a gateway that is to go another way.</summary>
    public ChaosProxy OtherRedisProxy { get; private set; } = null!;

    // A replica that joins is not made to wait for others.
    internal override RedisServerOptions RedisOptions => new() { Arguments = ["--repl-diskless-sync-delay", "0"] };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Replication = ChaosProxy.Start(Redis.Port);
        OtherRedisProxy = ChaosProxy.Start(Redis.Port);
        var options =
            new RedisServerOptions { Arguments = ["--replicaof", "127.0.0.1", Replication.Port.ToString(CultureInfo.InvariantCulture)] };
        Replica = await RedisServer.StartAsync(_directory.In("replica"), options, TimeProvider.System, CancellationToken.None);
        await Eventually.TrueAsync(
            async () => (await RedisText.AskAsync(Replica, "INFO replication")).Contains("master_link_status:up", StringComparison.Ordinal),
            () => "the replica never caught up");
    }

    /// <summary>Promotes it, whatever it has; its master is not asked.</summary>
    public Task PromoteAsync() => RedisText.AskAsync(Replica, "REPLICAOF NO ONE");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Replication.DisposeAsync();
        await OtherRedisProxy.DisposeAsync();
        await Replica.DisposeAsync();
        _directory.Dispose();
    }
}
