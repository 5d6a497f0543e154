namespace MeteringGateway.Compare.Subjects;

/// <summary>A surface of the gateway under load, one credit a call, and its only provider.</summary>
internal sealed record SoldSurface(string Name, Uri Provider, bool OverHttp2 = false);
