using MeteringGateway.Load.Stack;

namespace MeteringGateway.Compare.Subjects;

/// <summary>One process of a subject, with its children.</summary>
internal sealed record Part(string Name, int Pid);

/// <summary>What is measured: an address, the processes that work for it, and what can be asked of them. Immutable.</summary>
internal sealed record Subject(string Name, Uri Url, IReadOnlyList<Part> Parts)
{
    public const string Bare = "bare";
    public const string Gateway = "gateway";
    public const string Nginx = "nginx";

    /// <summary>always or everysec; null for a subject without Redis.</summary>
    public string? Fsync { get; init; }

    public int? RedisPort { get; init; }

    /// <summary>Of the hook in its .NET process; null where there is none.</summary>
    public string? AllocationSocket { get; init; }

    /// <summary>Null for a subject that keeps none.</summary>
    public Ledger? Ledger { get; init; }

    /// <summary>Those that tell their outcomes.</summary>
    public IReadOnlyList<DotnetServer> Gateways { get; init; } = [];

    /// <summary>All gateways of a stack with their stores; the load goes to the first.</summary>
    public static Subject Of(GatewayStack stack, string fsync, Part provider) =>
        new(Gateway, GatewayStack.Query(stack.Gateways[0]), [
            .. stack.Gateways.Select(gateway => new Part("gateway", gateway.Pid)), new Part("redis", stack.Redis.Pid),
            new Part("postgres", stack.Postgres.Pid), provider,
        ])
        {
            Fsync = fsync,
            RedisPort = stack.Redis.Port,
            AllocationSocket = stack.Gateways[0].AllocationSocket,
            Ledger = stack.Ledger,
            Gateways = [.. stack.Gateways],
        };

    public string Title => Fsync is null ? Name : $"{Name}, {Fsync}";
}
