namespace MeteringGateway.Calls.Pricing.Usage;

/// <summary>How usage is looked for in an answer that is read while it passes: what one document in it is.</summary>
internal enum AnswerShape
{
    /// <summary><c>text/event-stream</c>: the data of each event.</summary>
    EventStream,

    /// <summary><c>application/x-ndjson</c>: each line.</summary>
    JsonLines,

    /// <summary>One JSON document, however large.</summary>
    Json,

    /// <summary>Anything else: it shows no usage.</summary>
    Opaque,
}
