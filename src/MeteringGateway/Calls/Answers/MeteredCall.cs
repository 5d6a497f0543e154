using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Calls.Answers;

/// <summary>What is known of one call as it passes the stages. Belongs to one request.</summary>
internal sealed class MeteredCall
{
    public KeyIdentity Key { get; set; }

    /// <summary>The configuration as it was when the call came: a reload changes no call under way.</summary>
    public SurfaceCatalog? Catalog { get; set; }
    public Surface? Surface { get; set; }

    /// <summary>Path and query as they came, of a call under the provider's own path; null: it was made at <c>/api/v1/query</c>.</summary>
    public string? Target { get; init; }

    /// <summary>JSON answers are envelopes, and refusals by a provider problems.</summary>
    public bool InEnvelope => Target is null;

    /// <summary>Asks what the call would cost; nothing is held and nobody is called.</summary>
    public bool IsDryRun { get; set; }
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>What is reserved: the most that it may cost by any provider of its chain.</summary>
    public SurfaceQuote Quote { get; set; }

    /// <summary>Null: the client gave no idempotency key.</summary>
    public IdempotencyTicket? Ticket { get; set; }

    /// <summary>What was reserved; 0: nothing was.</summary>
    public long Held { get; set; }

    /// <summary>How long the chain took: all the rest is the gateway's own.</summary>
    public TimeSpan ProviderTime { get; set; }

    /// <summary>What was tried, once the chain has ended.</summary>
    public IReadOnlyList<AttemptReport> Attempts { get; set; } = [];

    /// <summary>For metrics: <c>charged</c> or the code of the refusal.</summary>
    public string Outcome { get; set; } = "internal_error";

    /// <summary>
    /// Notes a call that was not charged, for those who ask about it afterwards; before its client learns of it, who may ask at once.
    /// Once more does nothing.
    /// </summary>
    public Action? Note { get; set; }

    public AnswerFacts Facts(string requestId, string provider, long charged, long? remaining) =>
        new(requestId, Surface!.Slug, provider, charged, remaining, Attempts);
}
