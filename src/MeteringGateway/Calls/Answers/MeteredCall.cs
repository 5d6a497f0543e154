using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Calls.Answers;

/// <summary>What is known of one call as it passes the stages. Belongs to one request.</summary>
internal sealed class MeteredCall
{
    public KeyIdentity Key { get; set; }

    /// <summary>The configuration as it was when the call came: a reload changes no call under way.</summary>
    public SurfaceCatalog? Catalog { get; set; }
    public Surface? Surface { get; set; }
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>What is reserved; for a price by usage, the most it may be.</summary>
    public SurfaceQuote Quote { get; set; }

    /// <summary>How long the chain took: all the rest is the gateway's own.</summary>
    public TimeSpan ProviderTime { get; set; }

    /// <summary>For metrics: <c>charged</c> or the code of the refusal.</summary>
    public string Outcome { get; set; } = "internal_error";
}
