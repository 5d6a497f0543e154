namespace MeteringGateway.Scenarios.Model;

/// <summary>What a step came to: one call and its answer. Immutable.</summary>
/// <param name="Outcome"><c>charged</c>, <c>replayed</c>, the gateway's <c>code</c>, or one of the words below.</param>
/// <param name="Credits">What the answer says that it cost, or what it must have cost by the usage that it showed.</param>
/// <param name="RequestId">The gateway's, which is the id of the ledger's entry; null where there was no answer.</param>
internal readonly record struct Response(string Outcome, long Credits = 0, Guid? RequestId = null)
{
    public const string Charged = "charged";

    /// <summary>The first answer again, for an idempotency key: charged before.</summary>
    public const string Replayed = "replayed";

    /// <summary>Nobody knows what became of the call: the connection ended, or the load did, before the answer was whole.</summary>
    public const string Lost = "lost";

    /// <summary>It was due, but more calls than the run may have open were under way until its end.</summary>
    public const string NotSent = "not_sent";

    /// <summary>An answer that can't be right: a 2xx without its charge, a stream without its end.</summary>
    public const string Wrong = "wrong_answer";

    public string? Provider { get; init; }

    /// <summary>By the clock of <see cref="System.Diagnostics.Stopwatch"/>; null where the answer came in one piece.</summary>
    public long? FirstByteAt { get; init; }
}
