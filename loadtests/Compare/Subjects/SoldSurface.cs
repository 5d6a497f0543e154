namespace MeteringGateway.Compare.Subjects;

/// <summary>A surface of the gateway under load and its only provider.</summary>
internal sealed record SoldSurface(string Name, Uri Provider, bool OverHttp2 = false)
{
    /// <summary>As the configuration has it; unless it is set, one credit a call.</summary>
    public object Price { get; init; } = new { Credits = 1 };
}
