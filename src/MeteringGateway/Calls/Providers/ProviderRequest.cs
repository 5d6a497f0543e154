namespace MeteringGateway.Calls.Providers;

/// <summary>What a call sends to each provider of its chain that is tried: the same bytes each time.</summary>
/// <param name="Body">The client's, byte for byte, or as the surface asks for usage in it.</param>
/// <param name="Target">Path and query as they came, for a call under the provider's own path, whose headers pass as well;
/// null: the provider's path is called, with the headers that the surface names.</param>
internal readonly record struct ProviderRequest(ReadOnlyMemory<byte> Body, string? Target = null);
