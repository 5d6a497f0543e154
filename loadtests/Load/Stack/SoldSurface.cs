namespace MeteringGateway.Load.Stack;

/// <summary>A provider as the configuration names it.</summary>
internal readonly record struct ChainedProvider(string Name, Uri Address, bool OverHttp2);

/// <summary>A surface of the gateway under load and its provider.</summary>
internal sealed record SoldSurface(string Name, Uri Provider, bool OverHttp2 = false)
{
    /// <summary>As the configuration has it; unless it is set, one credit a call.</summary>
    public object Price { get; init; } = new { Credits = 1 };

    /// <summary>Asked where the provider fails; null: there is none.</summary>
    public Uri? Backup { get; init; }

    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The provider has the surface's name.</summary>
    public IEnumerable<ChainedProvider> Chain =>
        Backup is null
            ? [new ChainedProvider(Name, Provider, OverHttp2)]
            : [new ChainedProvider(Name, Provider, OverHttp2), new ChainedProvider(Name + "-backup", Backup, OverHttp2)];
}
