using Microsoft.Extensions.Options;

namespace MeteringGateway.Http.Bounds;

/// <summary>The request bodies under way, by client address.</summary>
internal sealed class OpenUploads(IOptions<ClientOptions> options)
{
    public AddressCounter ByAddress { get; } = new(options.Value.MaxUploads);
}
